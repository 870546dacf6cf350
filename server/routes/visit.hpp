#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/runtime.hpp"
#include "server/auth/permission.hpp"
#include "server/http/router.hpp"
#include "server/routes/arrival.hpp"
#include "server/routes/description.hpp"

// How every route runs: authenticate, ask the permission function, read or write on the engine's
// thread in one hop, keep the answer for repeats.

namespace sillage::server {

/// One request on its way through a route.
struct Visit {
    const Services& services;
    const Request& request;
    /// Of an open route: nobody.
    const Account& account;
};

/// Answers from one consistent view.
using Reading = Result<Response> (*)(const Visit&, Reader&);
/// Answers from one transaction; kept if the answer is below 400.
using Writing = Result<Response> (*)(const Visit&, Work&);
/// Hops to the engine as often as it needs; begins with `enter`.
using Task = net::awaitable<Result<Response>> (*)(const Arrival&);

/// A line of the table of routes. One of read, write and task; `read` beside `write` answers its
/// `?dry_run=true`.
struct Route {
    Method method = Method::get;
    std::string_view pattern = {};
    Permission permission = Permission::undeclared;
    Reading read = nullptr;
    Writing write = nullptr;
    Task task = nullptr;
    /// Answers instead when `Accept` asks for `text/csv` rather than JSON; null: nothing does.
    Task as_csv = nullptr;
    /// The query parameters it knows.
    std::vector<std::string_view> parameters = {};
    /// False: the answer holds a secret, so that none is kept for repeats.
    bool keeps_answer = true;
    /// A member of the answer that is shown once: what is kept for repeats has null in its place.
    std::string_view secret = {};
    /// Of its body, when it may be larger than others' (0: it may not).
    std::size_t body_bytes_max = 0;
    /// For the OpenAPI document: every route has one.
    Description about = {};
};

/// Adds the route, behind authentication. `services` must outlive the router. A route without a
/// permission ends the program.
void add_route(Router& router, const Services& services, const Route& route);

/// The caller, when some binding of its may do what the route is for; in the place of the account
/// that `behalf_header` names. On the engine's thread.
/// Errors: unauthenticated; forbidden, also when no delegation is in force; invalid_argument: an
/// unknown query parameter.
[[nodiscard]] Result<AccountPointer> enter(Runtime& runtime, const Arrival& arrival);

/// The key of one part of a request that is done in several transactions: no client can send it.
[[nodiscard]] Repeat part_of(const Repeat& whole, std::string_view part);

/// The answer that was kept for the whole request; nothing when there is none.
/// Errors: idempotency_mismatch.
[[nodiscard]] Result<std::optional<Answer>> kept_answer(Reader& reader, const Repeat& repeat);

[[nodiscard]] Answer to_answer(const Response& response);
/// With `Idempotency-Replayed: true` when it is a stored one.
[[nodiscard]] Response to_response(const Answer& answer);

/// `?dry_run=`. Errors: invalid_argument: neither true nor false.
[[nodiscard]] Result<bool> is_dry_run(const Request& request);

/// The same for an unknown id and for one that the caller may not know of.
[[nodiscard]] Error no_such(std::string_view kind, std::string_view id);

/// What the account's roles give in the registry, as all published workflows declare them.
[[nodiscard]] Result<RoleRights> registry_rights(Reader& reader, const Account& account);

/// Errors: forbidden, naming the account's roles; not_found, as `no_such(kind, id)`.
[[nodiscard]] Result<void> check_access(Access access, const Account& account,
                                        std::string_view kind, std::string_view id);

/// Which record is meant.
struct RecordName {
    RecordKind kind = RecordKind::cluster;
    std::string_view id = {};
};

/// A record that the caller may do that to. Errors: not_found, forbidden.
[[nodiscard]] Result<Record> open_record(const Visit& visit, Reader& reader, const RecordName& name,
                                         Permission permission);

/// An instance that the caller may do that to. Errors: not_found, forbidden.
[[nodiscard]] Result<Loaded> open_instance(const Visit& visit, Reader& reader, std::string_view id,
                                           Permission permission);

/// A cohort that the caller may do that to, by what its own workflow says of roles.
/// Errors: not_found, forbidden.
[[nodiscard]] Result<Record> open_cohort(const Visit& visit, Reader& reader, std::string_view id,
                                         Permission permission);

/// The caller as the engine shall see it for that instance.
[[nodiscard]] Call call_for(const Visit& visit, const Loaded& loaded);

/// `company`, `cohort`, …: the word for a kind of record in sentences.
[[nodiscard]] std::string_view word_for(RecordKind kind);

}  // namespace sillage::server
