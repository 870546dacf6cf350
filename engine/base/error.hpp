#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace sillage {

/// Why a call was refused. Closed: callers switch over it without `default`.
enum class ErrorCode {
    invalid_argument,    ///< a parameter or body member has a value it may not have
    malformed,           ///< text that cannot be read: JSON, UTF-8, a header
    unauthenticated,     ///< no credential, or one that is not accepted
    forbidden,           ///< the caller may know of the thing but not do this to it
    not_found,           ///< no such thing, or none that the caller may know of
    method_not_allowed,  ///< the resource has no such method
    not_acceptable,      ///< none of the representations asked for exists
    request_timeout,     ///< the request was not sent in time
    conflict,            ///< the thing exists already, or with other content
    stale,               ///< `If-Match` names an older sequence
    too_large,           ///< a body above its limit
    unsupported_media_type,
    idempotency_mismatch,  ///< the key was used with another request
    in_progress,           ///< the first request with this key is still running
    too_many_requests,
    headers_too_large,
    event_refused,       ///< nothing is enabled; `reasons` names every candidate, decisive first
    definition_invalid,  ///< a workflow file with findings of severity error
    expression_failed,   ///< an expression that ended in an error
    limit_exceeded,      ///< a published limit of the engine was passed; an incident is written
    contract_broken,     ///< an `always_true` expression did not hold; an incident is written
    storage_full,        ///< nothing was written; space must be freed
    storage_failed,      ///< the outcome of a write is unknown, or a read failed
    newer_schema,        ///< the data folder was written by a newer version
    folder_locked,       ///< another process has the data folder
    corrupt,             ///< what was read back from storage contradicts itself
    unavailable,         ///< not ready, overloaded or stopping: try again later
    internal,            ///< a defect of ours
};

/// What a candidate transition asked for and did not get.
enum class ReasonCode { state, role, form, guard, deadline, version };

/// `state`, `role`, … as in the API's `blockers[].code`.
[[nodiscard]] std::string_view name_of(ReasonCode code);

/// One cause of a refusal, as data.
struct Reason {
    ReasonCode code = ReasonCode::state;
    /// What was asked for: the guard clause's text, the roles, the form field. Ex. `score >= 60`.
    std::string rule = {};
    /// One sentence in the caller's language.
    std::string message = {};
    /// The values the rule read, by path. Ex. `{"score": 0}`.
    boost::json::object values = {};
    /// The id of the candidate's source state; empty when no candidate exists.
    std::string state = {};

    bool operator==(const Reason&) const = default;
};

/// A refusal: what, where, and what would be accepted.
struct Error {
    ErrorCode code = ErrorCode::internal;
    /// One sentence for whoever can fix it: names the thing and the nearest right one.
    std::string message = {};
    /// `file:line:column` or a JSON pointer such as `/data/score`; empty when there is no place.
    std::string where = {};
    /// For event_refused: one per candidate, the one that got furthest first.
    std::vector<Reason> reasons = {};

    bool operator==(const Error&) const = default;
};

/// `event_refused`, `not_found`, …: for logs and tests.
[[nodiscard]] std::string_view name_of(ErrorCode code);

}  // namespace sillage
