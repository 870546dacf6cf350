#include "server/routes/visit.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "engine/base/assert.hpp"
#include "engine/base/fault.hpp"
#include "engine/base/json.hpp"
#include "server/auth/delegation.hpp"
#include "server/auth/token_scope.hpp"
#include "server/http/negotiation.hpp"
#include "server/http/problem.hpp"
#include "server/http/trace.hpp"

namespace sillage::server {
namespace {

/// Workflows that are asked about roles, a page of the store at a time.
constexpr std::size_t definitions_page = 100;

/// How often a read is run that meets writes which are then lost. Chosen: the store refuses writes
/// once it has met the end of the disk, so that only those on the way then are met.
constexpr int read_runs_max = 3;

/// Whether workflows decide what some role of the account may do.
bool has_declared_roles(const Account& account) {
    return std::ranges::any_of(account.bindings, [](const Binding& binding) {
        return !right_named(binding.role) && binding.role != "sme";
    });
}

Error not_allowed(const Account& account) {
    std::string roles;
    for (const Binding& binding : account.bindings) {
        roles += (roles.empty() ? "" : ", ") + binding.role;
    }
    return Error{.code = ErrorCode::forbidden,
                 .message = roles.empty() ? std::string("Your account has no role yet.")
                                          : "Your roles (" + roles + ") do not allow this."};
}

/// What a token is limited to goes before what its account may.
Result<void> check_scope_of(const Account& account, const Arrival& arrival) {
    const Method method = arrival.request.method;
    return check_scope(
        account.scopes,
        scope_needed(arrival.route.permission, method == Method::get || method == Method::head));
}

/// To an account that is bound nowhere, nothing is known to exist.
Error nothing_here() {
    return Error{.code = ErrorCode::not_found,
                 .message = "There is nothing here that your account may see."};
}

/// Whose place the request is made in; nothing: in the caller's own.
std::optional<std::string_view> principal_in(const Request& request) {
    return request.headers.find(behalf_header);
}

/// Registries, accounts and tokens are looked after in one's own name only.
bool is_done_in_anothers_place(const Route& route) {
    constexpr std::array lent{Permission::act_on_instance, Permission::act_on_cohort,
                              Permission::read_instance, Permission::start_instance,
                              Permission::resolve_incident};
    return route.method == Method::get || std::ranges::find(lent, route.permission) != lent.end();
}

/// The caller in the place of the account that the request names.
/// Errors: forbidden: not on that route, or no delegation is in force.
Result<AccountPointer> step_in(Reader& reader, const Arrival& arrival, const Account& caller) {
    const std::string from(*principal_in(arrival.request));
    if (!is_done_in_anothers_place(arrival.route)) {
        return Error{.code = ErrorCode::forbidden,
                     .message = "This is done in one's own name only."};
    }
    SILLAGE_TRY(const auto record, reader.view().record_by_lookup(
                                       RecordKind::delegation, delegation_lookup(from, caller.id)));
    if (!record || !is_in_force(delegation_of(*record), arrival.request.now)) {
        return Error{
            .code = ErrorCode::forbidden,
            .message = "No delegation lets you act on behalf of " + from.substr(0, 64) + " now."};
    }
    SILLAGE_TRY(const auto principal, reader.record(RecordKind::account, from));
    return std::make_shared<const Account>(
        in_place_of(caller, account_of(principal), delegation_of(*record)));
}

/// What may be kept of an answer that shows a secret.
Response without(Response response, std::string_view secret) {
    auto body = parse_json(response.body);
    SILLAGE_ASSERT(body.has_value() && body.value().is_object());
    body.value().get_object()[secret] = nullptr;
    response.body = to_json_text(body.value());
    return response;
}

Result<Response> run_write(const Arrival& arrival, const Visit& visit, Runtime& runtime) {
    const Route& route = arrival.route;
    std::optional<Error> refusal;
    std::optional<Response> first;
    const auto work = [&](Work& writer) {
        const Result<Response> response = route.write(visit, writer);
        if (!response) {
            refusal = response.error();
            return to_answer(problem(response.error()));
        }
        if (route.secret.empty()) {
            return to_answer(response.value());
        }
        first = response.value();
        return to_answer(without(*first, route.secret));
    };
    SILLAGE_TRY(const auto answer, runtime.perform(arrival.repeat, work));
    if (refusal) {
        return *refusal;  // so that the router can log it
    }
    return first ? *std::move(first) : to_response(answer);
}

Result<Response> run(const Arrival& arrival, Runtime& runtime) {
    const Route& route = arrival.route;
    SILLAGE_TRY(const AccountPointer account, enter(runtime, arrival));
    const Visit visit{
        .services = arrival.services, .request = arrival.request, .account = *account};
    SILLAGE_TRY(const bool dry_run, is_dry_run(arrival.request));
    if (route.write != nullptr && !(dry_run && route.read != nullptr)) {
        return run_write(arrival, visit, runtime);
    }
    return runtime.read([&](Reader& reader) { return route.read(visit, reader); });
}

/// Whether all that it met was what a neighbour had written and a full disk did not take.
bool is_lost_read(const Arrival& arrival, const Result<Response>& response) {
    const bool writes =
        arrival.route.write != nullptr &&
        (arrival.route.read == nullptr || arrival.request.query_parameter("dry_run") != "true");
    return !writes && !response && response.error().code == ErrorCode::storage_full;
}

/// What answers; the answer then says that `Accept` has chosen it.
Task task_of(Arrival& arrival) {
    static constexpr std::array<std::string_view, 2> offered{"application/json", "text/csv"};
    const Route& route = arrival.route;
    if (route.as_csv == nullptr) {
        return route.task;
    }
    arrival.request.answer_fields.push_back({"Vary", vary_by_accept()});
    const auto accept = arrival.request.headers.find("Accept").value_or("");
    return choose_media_type(accept, offered) == offered.back() ? route.as_csv : route.task;
}

net::awaitable<Result<Response>> serve(const Services& services, const Route& route,
                                       Request& request) {
    Arrival arrival{.services = services, .route = route, .request = request};
    SILLAGE_CO_TRY(co_await let_in(arrival));
    if (const Task task = task_of(arrival)) {
        co_return co_await task(arrival);
    }
    auto work = [&](Runtime& runtime) { return run(arrival, runtime); };
    Result<Response> response = co_await services.gate.run(work);
    for (int run = 1; is_lost_read(arrival, response) && run < read_runs_max; ++run) {
        response = co_await services.gate.run(work);
    }
    co_return response;
}

}  // namespace

void add_route(Router& router, const Services& services, const Route& route) {
    SILLAGE_ASSERT(route.permission != Permission::undeclared);
    SILLAGE_ASSERT(route.read != nullptr || route.write != nullptr || route.task != nullptr);
    const Handler handler = [&services, route](Request& request) {
        return serve(services, route, request);
    };
    router.add(route.method, route.pattern, handler, route.body_bytes_max);
}

Result<AccountPointer> enter(Runtime& runtime, const Arrival& arrival) {
    static const auto nobody = std::make_shared<const Account>();
    const Route& route = arrival.route;
    AccountPointer account = nobody;
    if (route.permission != Permission::open) {
        SILLAGE_TRY(account, arrival.services.holders->find(runtime, arrival.credential,
                                                            arrival.request.now));
        SILLAGE_TRY(check_scope_of(*account, arrival));
        if (principal_in(arrival.request)) {
            SILLAGE_TRY(account, runtime.read([&](Reader& reader) {
                return step_in(reader, arrival, *account);
            }));
        }
        if (!may_somewhere(*account, route.permission, RoleRights{}) &&
            !has_declared_roles(*account)) {
            const bool asks_for_one = route.pattern.find('{') != std::string_view::npos;
            return account->bindings.empty() && asks_for_one ? nothing_here()
                                                             : not_allowed(*account);
        }
    }
    SILLAGE_TRY(reject_unknown_parameters(arrival.request, route.parameters));
    return account;
}

Repeat part_of(const Repeat& whole, std::string_view part) {
    Repeat repeat = whole;
    repeat.key += " " + std::string(part);  // keys of clients have no blank
    return repeat;
}

Result<std::optional<Answer>> kept_answer(Reader& reader, const Repeat& repeat) {
    SILLAGE_TRY(const auto kept, reader.view().answer(repeat.scope, repeat.key));
    if (!kept) {
        return std::optional<Answer>{};
    }
    if (kept->request_hash != repeat.request_hash) {
        return Error{.code = ErrorCode::idempotency_mismatch,
                     .message = "This Idempotency-Key was used with another body."};
    }
    return std::optional(Answer{
        .status = kept->status, .headers = kept->headers, .body = kept->body, .replayed = true});
}

Answer to_answer(const Response& response) {
    Answer answer{.status = static_cast<int>(response.status), .body = response.body};
    for (const Field& field : response.headers.fields()) {
        answer.headers.emplace_back(field.name, field.value);
    }
    return answer;
}

Response to_response(const Answer& answer) {
    Response response{.status = Status{answer.status}, .body = answer.body};
    for (const auto& [name, value] : answer.headers) {
        response.headers.add(name, value);
    }
    if (answer.replayed) {
        response.headers.set("Idempotency-Replayed", "true");
    }
    return response;
}

Result<bool> is_dry_run(const Request& request) {
    const auto value = request.query_parameter("dry_run").value_or("false");
    if (value != "true" && value != "false") {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "dry_run must be true or false."};
    }
    return value == "true";
}

Error no_such(std::string_view kind, std::string_view id) {
    return Error{
        .code = ErrorCode::not_found,
        .message = "There is no " + std::string(kind) + " " + std::string(id.substr(0, 64)) + "."};
}

Result<RoleRights> registry_rights(Reader& reader, const Account& account) {
    RoleRights rights;
    if (!has_declared_roles(account)) {
        return rights;
    }
    std::string after;
    for (;;) {
        SILLAGE_TRY(const auto page, reader.view().definitions(after, definitions_page));
        for (const DefinitionRecord& record : page) {
            SILLAGE_TRY(const auto definition, reader.definition(record.name, record.version));
            rights.add_for_registry(*definition);
        }
        if (page.size() < definitions_page) {
            return rights;
        }
        after = page.back().name;
    }
}

Result<void> check_access(Access access, const Account& account, std::string_view kind,
                          std::string_view id) {
    switch (access) {
        case Access::granted:
            return success();
        case Access::forbidden:
            return not_allowed(account);
        case Access::hidden:
            break;
    }
    return no_such(kind, id);
}

Result<Record> open_record(const Visit& visit, Reader& reader, const RecordName& name,
                           Permission permission) {
    const auto& [kind, id] = name;
    SILLAGE_TRY(const auto record, reader.view().record(kind, id, std::nullopt));
    if (!record) {
        return no_such(word_for(kind), id);
    }
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    SILLAGE_TRY(check_access(access(visit.account, permission, scope_of(*record), rights),
                             visit.account, word_for(kind), id));
    return *record;
}

Result<Loaded> open_instance(const Visit& visit, Reader& reader, std::string_view id,
                             Permission permission) {
    auto loaded = reader.load(id);
    if (!loaded && loaded.error().code == ErrorCode::not_found) {
        return no_such("instance", id);
    }
    SILLAGE_TRY(auto instance, std::move(loaded));
    const RoleRights rights(*instance.definition);
    SILLAGE_TRY(check_access(access(visit.account, permission, scope_of(instance.record), rights),
                             visit.account, "instance", id));
    if (is_broken(Breakage::stale_cached_read) && visit.request.method == Method::get) {
        static std::map<std::string, Loaded, std::less<>> cache;
        return cache.try_emplace(std::string(id), std::move(instance)).first->second;
    }
    return instance;
}

Result<Record> open_cohort(const Visit& visit, Reader& reader, std::string_view id,
                           Permission permission) {
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::cohort, id, std::nullopt));
    if (!record) {
        return no_such("cohort", id);
    }
    SILLAGE_TRY(const auto definition, reader.definition(record->body.at("workflow").as_string(),
                                                         record->body.at("version").as_int64()));
    const RoleRights rights(*definition);
    SILLAGE_TRY(check_access(access(visit.account, permission, scope_of(*record), rights),
                             visit.account, "cohort", id));
    return *record;
}

Call call_for(const Visit& visit, const Loaded& loaded) {
    const auto key = visit.request.headers.find("Idempotency-Key");
    const Scope scope = scope_of(loaded.record);
    return Call{.actor = {.id = visit.account.id,
                          .roles = workflow_roles(visit.account, *loaded.definition, scope),
                          .on_behalf_of = visit.account.on_behalf_of},
                .now = visit.request.now,
                .languages = visit.request.languages(),
                .idempotency_key = std::string(key.value_or("")),
                .trace = std::string(trace_of(visit.request.headers)),
                .audience = audience_of(visit.account, scope, RoleRights(*loaded.definition))};
}

std::string_view word_for(RecordKind kind) {
    switch (kind) {
        case RecordKind::cluster:
            return "cluster";
        case RecordKind::company:
            return "company";
        case RecordKind::cohort:
            return "cohort";
        case RecordKind::account:
            return "account";
        case RecordKind::token:
            return "token";
        case RecordKind::delegation:
            return "delegation";
        case RecordKind::webhook:
            return "webhook";
        case RecordKind::source:
            return "source";
        case RecordKind::received:
            return "message";
    }
    return "";
}

}  // namespace sillage::server
