#include <algorithm>
#include <array>
#include <iterator>

#include "server/auth/token_scope.hpp"
#include "server/hooks/mapping.hpp"
#include "server/hooks/preset.hpp"
#include "server/hooks/signature.hpp"
#include "server/http/clock.hpp"
#include "server/routes/account_access.hpp"
#include "server/routes/inbound_message.hpp"
#include "server/routes/members.hpp"
#include "server/routes/page.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// The longest that a message waits for its instance: as long as ids are remembered.
constexpr double wait_s_max = 7.0 * 24 * 60 * 60;
constexpr std::size_t secret_characters_max = 200;

std::vector<sillage::Field> source_members() {
    sillage::Field scheme = text_member("scheme");
    for (const Scheme one : {Scheme::standard, Scheme::github, Scheme::stripe}) {
        scheme.schema.enumeration.emplace_back(name_of(one));
    }
    return {required(text_member("name")),
            text_member("cluster"),
            text_member("account"),
            std::move(scheme),
            text_member("secret", secret_characters_max),
            text_member("workflow"),
            required(object_member("mapping")),
            number_member("wait_s", SchemaType::integer, 0, wait_s_max)};
}

json::object source_json(const Record& record) {
    json::object out;
    out.emplace("id", record.id);
    out.emplace("name", record.body.at("name"));
    out.emplace("cluster",
                record.cluster.empty() ? json::value(nullptr) : json::value(record.cluster));
    for (const auto* name : {"account", "scheme", "workflow", "mapping", "wait_s", "created_at"}) {
        out.emplace(name, record.body.at(name));
    }
    out.emplace("deliver", "/v1/inbound/" + record.id + "/deliver");
    return out;
}

json::value or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

Result<std::string> secret_in(const Visit& visit, const json::object& body, Scheme scheme) {
    std::string secret = text_of(body, "secret");
    if (secret.empty()) {
        std::array<std::uint8_t, secret_bytes> bytes{};
        visit.services.random(bytes);
        return new_secret(bytes);
    }
    auto checked = check_secret(scheme, secret);
    if (!checked) {
        checked.error().where = "/secret";
        return checked.error();
    }
    return secret;
}

Result<void> check_source(const Visit& visit, Reader& reader, const json::object& body) {
    const std::string cluster = text_of(body, "cluster");
    if (!cluster.empty()) {
        SILLAGE_TRY(enter_cluster(visit, reader, cluster, Permission::manage_source));
    } else {
        SILLAGE_TRY(check_access(access(visit.account, Permission::manage_source, Scope{}, {}),
                                 visit.account, "cluster", ""));
    }
    // Whoever makes it acts as that account: as good as a token of it.
    const std::string account = text_of(body, "account");
    if (!account.empty() && account != visit.account.id) {
        auto known = open_account(visit, reader, account, Permission::write_account);
        if (!known) {
            known.error().where = "/account";
            return known.error();
        }
    }
    const json::object mapping = object_of(body, "mapping");
    if (mapping.contains("key") && text_of(body, "workflow").empty()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "Keys are unique within a workflow: name it.",
                     .where = "/workflow"};
    }
    return check_mapping(mapping);
}

Result<Response> post_source(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto given, read_members(visit.request, source_members()));
    SILLAGE_TRY(check_scope(visit.account.scopes, "instances"));  // of what its messages do
    SILLAGE_TRY(check_source(visit, work, given));
    const Scheme scheme = scheme_named(text_of(given, "scheme")).value_or(Scheme::standard);
    SILLAGE_TRY(const std::string secret, secret_in(visit, given, scheme));
    const std::string account = text_of(given, "account");
    const json::value* wait = given.if_contains("wait_s");
    const Instant now = visit.request.now;
    json::object body{{"name", given.at("name")},
                      {"account", account.empty() ? visit.account.id : account},
                      {"scheme", name_of(scheme)},
                      {"workflow", or_null(text_of(given, "workflow"))},
                      {"mapping", given.at("mapping")},
                      {"wait_s", wait == nullptr ? std::int64_t{0} : wait->as_int64()},
                      {"secrets", json::array{secret}},
                      {"created_at", to_string(now)},
                      {"deleted_at", nullptr}};
    SILLAGE_TRY(const auto record,
                put_record(visit, work,
                           Record{.kind = RecordKind::source,
                                  .id = visit.services.new_id<SourceTag>(now).value,
                                  .cluster = text_of(given, "cluster"),
                                  .body = std::move(body),
                                  .at = now}));
    json::object out = source_json(record);
    out.emplace("secret", secret);
    Response response = json_response(Status::created, out);
    response.headers.add("Location", "/v1/inbound/" + record.id);
    response.headers.add("Cache-Control", "no-store");
    return response;
}

bool is_deleted(const Record& source) { return !source.body.at("deleted_at").is_null(); }

bool may_manage(const Visit& visit, const Record& record) {
    return access(visit.account, Permission::manage_source, scope_of(record), {}) ==
           Access::granted;
}

Result<Record> open_source(const Visit& visit, Reader& reader) {
    const std::string& id = visit.request.path_parameter("id");
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::source, id, std::nullopt));
    return record && !is_deleted(*record) && may_manage(visit, *record) ? Result<Record>(*record)
                                                                        : no_such("source", id);
}

Result<Response> get_sources(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto page, page_of(visit.request));
    const auto fetch = [&](const std::string& after, std::size_t limit) {
        return reader.view().records(
            RecordFilter{.kind = RecordKind::source, .after = after, .limit = limit});
    };
    const auto show = [&](const Record& record) -> Result<std::optional<json::value>> {
        return !is_deleted(record) && may_manage(visit, record)
                   ? std::optional<json::value>(source_json(record))
                   : std::nullopt;
    };
    return collect_page(
        page, fetch, [](const Record& record) { return record.id; }, show);
}

Result<Response> get_source(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto record, open_source(visit, reader));
    return json_response(Status::ok, source_json(record));
}

Result<Response> delete_source(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record, open_source(visit, work));
    record.body["deleted_at"] = to_string(visit.request.now);
    record.body["secrets"] = json::array();
    record.at = visit.request.now;
    SILLAGE_TRY(put_record(visit, work, std::move(record)));
    return Response{.status = Status::no_content};
}

Result<Response> get_received(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto source, open_source(visit, reader));
    SILLAGE_TRY(const auto page, page_of(visit.request));
    const auto outcome = visit.request.query_parameter("outcome");
    RecordFilter filter{.kind = RecordKind::received};
    if (!source.cluster.empty()) {
        filter.clusters = {source.cluster};
    }
    const auto fetch = [&](const std::string& after, std::size_t limit) {
        filter.after = after;
        filter.limit = limit;
        return reader.view().records(filter);
    };
    const auto show = [&](const Record& record) -> Result<std::optional<json::value>> {
        const bool is_shown = text_of(record.body, "source") == source.id &&
                              (!outcome || text_of(record.body, "outcome") == *outcome);
        return is_shown ? std::optional<json::value>(received_json(record)) : std::nullopt;
    };
    return collect_page(
        page, fetch, [](const Record& record) { return record.id; }, show);
}

Result<Response> post_retry(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto source, open_source(visit, work));
    const std::string& id = visit.request.path_parameter("received");
    SILLAGE_TRY(const auto kept, work.view().record(RecordKind::received, id, std::nullopt));
    if (!kept || text_of(kept->body, "source") != source.id) {
        return no_such("message", id);
    }
    if (text_of(kept->body, "outcome") == "taken") {
        return Error{.code = ErrorCode::conflict, .message = "The message was taken already."};
    }
    return receive_again(visit, work, *kept);
}

/// The source that the path names, whoever asks. Errors: not_found.
Result<Record> source_named(Runtime& runtime, const Arrival& arrival) {
    SILLAGE_TRY(enter(runtime, arrival));
    return runtime.read([&](Reader& reader) -> Result<Record> {
        const std::string& id = arrival.request.path_parameter("id");
        SILLAGE_TRY(const auto record, reader.view().record(RecordKind::source, id, std::nullopt));
        return record && !is_deleted(*record) ? Result<Record>(*record) : no_such("source", id);
    });
}

/// What was signed by the source's secret; its id. Errors: unauthenticated.
Result<std::string> verified(const Record& source, const Request& request) {
    std::vector<std::string> secrets;
    for (const json::value& secret : source.body.at("secrets").as_array()) {
        secrets.emplace_back(secret.as_string());
    }
    const Arrived message{
        .header = [&](std::string_view name) { return request.headers.find(name); },
        .body = request.body,
        // Senders sign by the real time, also what is for a sandbox.
        .now = system_now()};
    return verified_id(scheme_named(text_of(source.body, "scheme")).value_or(Scheme::standard),
                       secrets, message);
}

net::awaitable<Result<Response>> post_delivery(const Arrival& arrival) {
    auto ask = [&](Runtime& runtime) { return source_named(runtime, arrival); };
    SILLAGE_CO_TRY(const Record source, co_await arrival.services.gate.run(ask));
    SILLAGE_CO_TRY(const std::string id, verified(source, arrival.request));
    const InboundMessage message{.services = arrival.services,
                                 .request = arrival.request,
                                 .source = source,
                                 .id = id,
                                 .body = arrival.request.body};
    // Kept with the effect, and so seen by whoever sends the same again, also at the same time.
    const Repeat repeat{.scope = "inbound|" + source.id, .key = id, .now = arrival.request.now};
    auto take = [&](Runtime& runtime) {
        return runtime.perform(repeat, [&](Work& work) { return receive(message, work); });
    };
    SILLAGE_CO_TRY(const Answer answer, co_await arrival.services.gate.run(take));
    Response response = to_response(answer);
    if (answer.replayed) {
        response.status = Status::ok;
    }
    co_return response;
}

std::vector<Route> first_inbound_routes() {
    return {
        {.method = Method::post,
         .pattern = "/v1/inbound",
         .permission = Permission::manage_source,
         .write = post_source,
         .secret = "secret",
         .about = {.id = "create_source",
                   .summary = "Make a source of incoming webhooks",
                   .tag = "Webhooks",
                   .words = "Its messages come to `deliver`, signed by the secret, which is shown "
                            "in this answer and never again. `mapping` says in CEL, over "
                            "`payload`, which `event` they mean, with which `data`, for which "
                            "`instance`, or for which `key` of `workflow`. The event is done as "
                            "`account`, by the same rules as if it had asked itself. A message "
                            "for a key that no instance has yet waits for `wait_s` seconds.",
                   .body = {.name = "SourceInput", .members = source_members},
                   .gives = {{.status = Status::created,
                              .schema = "NewSource",
                              .headers = {"Location"}}},
                   .refuses = {"not-found"}}},
        {.method = Method::get,
         .pattern = "/v1/inbound",
         .permission = Permission::manage_source,
         .read = get_sources,
         .parameters = {"cursor", "limit"},
         .about = {.id = "list_sources",
                   .summary = "List the sources of incoming webhooks",
                   .tag = "Webhooks",
                   .gives = {{.schema = "Source", .is_page = true}}}},
        {.method = Method::get,
         .pattern = "/v1/inbound/{id}",
         .permission = Permission::manage_source,
         .read = get_source,
         .about = {.id = "read_source",
                   .summary = "Read a source of incoming webhooks",
                   .tag = "Webhooks",
                   .gives = {{.schema = "Source"}}}},
        {.method = Method::del,
         .pattern = "/v1/inbound/{id}",
         .permission = Permission::manage_source,
         .write = delete_source,
         .about = {.id = "delete_source",
                   .summary = "End a source of incoming webhooks",
                   .tag = "Webhooks",
                   .gives = {{.status = Status::no_content}}}}};
}

std::vector<Route> more_inbound_routes() {
    return {
        {.method = Method::get,
         .pattern = "/v1/inbound/{id}/received",
         .permission = Permission::manage_source,
         .read = get_received,
         .parameters = {"outcome", "cursor", "limit"},
         .about = {.id = "list_received",
                   .summary = "List the messages that were not taken at once",
                   .tag = "Webhooks",
                   .words = "What could not be mapped, was refused, or waits for its instance.",
                   .gives = {{.schema = "Received", .is_page = true}}}},
        {.method = Method::post,
         .pattern = "/v1/inbound/{id}/received/{received}/retry",
         .permission = Permission::manage_source,
         .write = post_retry,
         .about = {.id = "retry_received",
                   .summary = "Try a message that was not taken once more",
                   .tag = "Webhooks",
                   .gives = {{.schema = "MessageFate"}},
                   .refuses = {"conflict"}}},
        {.method = Method::post,
         .pattern = "/v1/inbound/{id}/deliver",
         .permission = Permission::open,
         .task = post_delivery,
         .about = {.id = "deliver_message",
                   .summary = "Deliver a signed message",
                   .tag = "Webhooks",
                   .words = "Signed as the source's `scheme` says: Standard Webhooks, GitHub or "
                            "Stripe. 200: the event was done; 202: the message is kept, with the "
                            "reason. One that comes again within seven days is answered 200 and "
                            "changes nothing.",
                   .body = {.name = "InboundPayload", .media_types = {"application/json"}},
                   .gives = {{.schema = "MessageFate", .headers = {"Idempotency-Replayed"}},
                             {.status = Status::accepted, .schema = "MessageFate"}},
                   .refuses = {"unauthorized"}}}};
}

}  // namespace

std::vector<Route> inbound_routes() {
    std::vector<Route> routes = first_inbound_routes();
    std::ranges::move(more_inbound_routes(), std::back_inserter(routes));
    return routes;
}

}  // namespace sillage::server
