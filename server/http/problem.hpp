#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

// Problems (RFC 9457): the one place where our error codes become statuses and stable types.

namespace sillage::server {

/// One kind of problem. `type` on the wire is `/problems/<code>`.
struct Problem {
    std::string_view code;  ///< stable. Ex. `storage-full`
    Status status;
    std::string_view title;  ///< the same for every problem of the kind
    std::string_view words;  ///< what it means and what to do: the text of its page
};

/// Every kind, in the order of their codes' first use in the contract.
[[nodiscard]] std::span<const Problem> problems();

/// The kind of that code; the code must be one of `problems()`.
[[nodiscard]] const Problem& problem_named(std::string_view code);

/// The kind an error is answered with. An event_refused goes by its first reason: state 409,
/// role 403, form 422, guard 422 (a deadline as guard, a version as state).
[[nodiscard]] const Problem& problem_of(const Error& error);

/// `application/problem+json`: `type`, `title`, `status`, `detail`; `blockers` from the error's
/// reasons; `pointer` and `errors: [{pointer, detail}]` when `where` is a JSON pointer, `where`
/// when it is another place. 401 brings `WWW-Authenticate`; 429, 503 and in-progress `Retry-After:
/// 1`; replace them with `headers.set`. Nothing of an error that maps to 500 is shown.
[[nodiscard]] Response problem(const Error& error);

/// A problem of that kind with that detail: for what has no ErrorCode, such as 414.
[[nodiscard]] Response problem(std::string_view code, std::string_view detail);

/// The members of `problem(error)` as a JSON object, for problems inside another answer.
[[nodiscard]] boost::json::object problem_json(const Error& error);

/// The members of one blocker: `code`, `rule`, `message`, `values`, and `state` when known.
[[nodiscard]] boost::json::array blockers_json(const Error& error);

}  // namespace sillage::server
