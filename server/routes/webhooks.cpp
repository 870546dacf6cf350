#include <algorithm>
#include <array>
#include <iterator>

#include "server/auth/token_scope.hpp"
#include "server/hooks/log_end.hpp"
#include "server/hooks/signature.hpp"
#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"
#include "server/routes/webhook_record.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// By which one message is signed: what receivers take in one header field.
constexpr std::size_t keys_max = 4;

std::array<std::uint8_t, secret_bytes> chance_of(const Visit& visit) {
    std::array<std::uint8_t, secret_bytes> bytes{};
    visit.services.random(bytes);
    return bytes;
}

/// Whoever holds roles in one cluster alone means that one.
std::string cluster_in(const json::object& body, const Account& account) {
    const std::string given = text_of(body, "cluster");
    const auto own = clusters_of(account);
    return given.empty() && own && own->size() == 1 ? own->front() : given;
}

Result<void> check_may_make(const Visit& visit, Reader& reader, const std::string& cluster) {
    if (!cluster.empty()) {
        return enter_cluster(visit, reader, cluster, Permission::use_webhook);
    }
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    return check_access(access(visit.account, Permission::use_webhook, Scope{}, rights),
                        visit.account, "cluster", "");
}

Result<void> check_count(const Visit& visit, Reader& reader) {
    std::size_t count = 0;
    RecordFilter filter{.kind = RecordKind::webhook, .limit = page_items_max};
    for (;;) {
        SILLAGE_TRY(const auto page, reader.view().records(filter));
        for (const Record& record : page) {
            filter.after = record.id;
            const bool counts = text_of(record.body, "account") == visit.account.id &&
                                !subscription_of(record).is_deleted;
            count += std::size_t{counts};
        }
        if (count >= webhooks_max) {
            return Error{.code = ErrorCode::conflict,
                         .message = "An account has 200 webhooks at most."};
        }
        if (page.size() < filter.limit) {
            return success();
        }
    }
}

Result<void> check_url(const Visit& visit, const std::string& url) {
    return visit.services.deliveries.is_open() ? visit.services.deliveries.check_url(url)
                                               : Result<void>(success());
}

void tell_courier(const Visit& visit) {
    if (visit.services.deliveries.is_open()) {
        visit.services.deliveries.wake();
    }
}

Result<std::string> first_secret(const Visit& visit, const json::object& body) {
    const std::string given = text_of(body, "secret");
    if (given.empty()) {
        return new_secret(chance_of(visit));
    }
    if (!given.starts_with("whsec_") || !SignatureKey::read(given)) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "A secret is whsec_ and base64 of 24 to 64 bytes.",
                     .where = "/secret"};
    }
    return given;
}

json::value or_default(const json::object& body, std::string_view name,
                       const json::value& otherwise) {
    const json::value* given = body.if_contains(name);
    return given == nullptr || given->is_null() ? otherwise : *given;
}

bool is_true(const json::object& body, std::string_view name) {
    return or_default(body, name, false).as_bool();
}

/// With secrets, public key and account.
json::object new_body(const Visit& visit, const json::object& given, const std::string& secret) {
    json::object body;
    body.emplace("url", given.at("url"));
    body.emplace("name", or_default(given, "name", ""));
    body.emplace("types", or_default(given, "types", json::array()));
    body.emplace("mode", or_default(given, "mode", "structured"));
    body.emplace("enabled", or_default(given, "enabled", true));
    body.emplace("account", visit.account.id);
    json::array secrets{json::object{{"secret", secret}, {"ends_at", nullptr}}};
    if (is_true(given, "ed25519")) {
        const KeyPair pair = key_pair(chance_of(visit));
        secrets.push_back(json::object{{"secret", pair.secret}, {"ends_at", nullptr}});
        body.emplace("public_key", pair.open);
    }
    body.emplace("secrets", std::move(secrets));
    body.emplace("created_at", to_string(visit.request.now));
    body.emplace("deleted_at", nullptr);
    undo_disable(body);
    return body;
}

Response with_secret(Status status, const Record& record, const std::string& secret) {
    json::object out = webhook_json(record);
    out.emplace("secret", secret);
    Response response = json_response(status, out);
    response.headers.add("Cache-Control", "no-store");
    return response;
}

Result<Response> post_webhook(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto given, read_members(visit.request, webhook_members()));
    const std::string cluster = cluster_in(given, visit.account);
    SILLAGE_TRY(check_scope(visit.account.scopes, "read"));  // of what it is told
    SILLAGE_TRY(check_may_make(visit, work, cluster));
    SILLAGE_TRY(check_webhook(given));
    SILLAGE_TRY(check_url(visit, text_of(given, "url")));
    SILLAGE_TRY(check_count(visit, work));
    SILLAGE_TRY(const std::string secret, first_secret(visit, given));
    json::object body = new_body(visit, given, secret);
    SILLAGE_TRY(const std::uint64_t start, log_end(work.view()));
    body.emplace("start", start);
    const Instant now = visit.request.now;
    SILLAGE_TRY(const auto record,
                put_record(visit, work,
                           Record{.kind = RecordKind::webhook,
                                  .id = visit.services.new_id<WebhookTag>(now).value,
                                  .cluster = cluster,
                                  .body = std::move(body),
                                  .at = now}));
    tell_courier(visit);
    Response response = with_secret(Status::created, record, secret);
    response.headers.add("Location", "/v1/webhooks/" + record.id);
    return response;
}

Result<Response> get_webhooks(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto page, page_of(visit.request));
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    const auto fetch = [&](const std::string& after, std::size_t limit) {
        return reader.view().records(
            RecordFilter{.kind = RecordKind::webhook, .after = after, .limit = limit});
    };
    const auto show = [&](const Record& record) -> Result<std::optional<json::value>> {
        const bool is_shown =
            !subscription_of(record).is_deleted && may_use(visit.account, record, rights);
        return is_shown ? std::optional<json::value>(webhook_json(record)) : std::nullopt;
    };
    return collect_page(
        page, fetch, [](const Record& record) { return record.id; }, show);
}

Result<Response> get_webhook(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto record, open_webhook(visit, reader, visit.request.path_parameter("id")));
    return json_response(Status::ok, webhook_json(record));
}

/// It tells what its owner may see: others pause it, and let it lead nowhere else.
Result<void> check_aim(const Visit& visit, Reader& reader, const Record& record,
                       const json::object& changed) {
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    if (changed.at("url") == record.body.at("url") || may_aim(visit.account, record, rights)) {
        return success();
    }
    return Error{.code = ErrorCode::forbidden,
                 .message = "Only its owner and administrators say where a webhook leads.",
                 .where = "/url"};
}

Result<Response> patch_webhook(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record, open_webhook(visit, work, visit.request.path_parameter("id")));
    SILLAGE_TRY(const auto patch, read_patch(visit.request));
    json::object body;
    for (const auto* name : {"url", "name", "types", "mode", "enabled"}) {
        body.emplace(name, record.body.at(name));
    }
    merge_patch(body, patch);
    SILLAGE_TRY(const auto checked, check_members(std::move(body), webhook_patch_members()));
    SILLAGE_TRY(check_webhook(checked));
    SILLAGE_TRY(check_url(visit, text_of(checked, "url")));
    SILLAGE_TRY(check_aim(visit, work, record, checked));
    record.body["url"] = checked.at("url");
    record.body["name"] = or_default(checked, "name", "");
    record.body["types"] = or_default(checked, "types", json::array());
    record.body["mode"] = or_default(checked, "mode", "structured");
    record.body["enabled"] = or_default(checked, "enabled", true);
    if (patch.contains("enabled") && is_true(checked, "enabled")) {
        undo_disable(record.body);
    }
    record.at = visit.request.now;
    SILLAGE_TRY(const auto stored, put_record(visit, work, std::move(record)));
    tell_courier(visit);
    return json_response(Status::ok, webhook_json(stored));
}

/// Its line goes, its deliveries end; nothing of its secrets stays in the latest revision.
Result<Response> delete_webhook(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record, open_webhook(visit, work, visit.request.path_parameter("id")));
    record.body["deleted_at"] = to_string(visit.request.now);
    record.body["secrets"] = json::array();
    record.at = visit.request.now;
    SILLAGE_TRY(put_record(visit, work, std::move(record)));
    tell_courier(visit);
    return Response{.status = Status::no_content};
}

Result<Response> post_rotation(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record, open_webhook(visit, work, visit.request.path_parameter("id")));
    SILLAGE_TRY(const auto rights, registry_rights(work, visit.account));
    if (!may_aim(visit.account, record, rights)) {
        return Error{.code = ErrorCode::forbidden,
                     .message = "Only its owner and administrators replace a webhook's secret."};
    }
    if (subscription_of(record).keys_at(visit.request.now).size() >= keys_max) {
        return Error{.code = ErrorCode::conflict,
                     .message =
                         "Messages are signed by four keys already; each ends 24 hours "
                         "after it was replaced."};
    }
    const std::string secret = new_secret(chance_of(visit));
    record.body["secrets"] =
        rotated(record.body.at("secrets").as_array(), secret, visit.request.now);
    record.at = visit.request.now;
    SILLAGE_TRY(const auto stored, put_record(visit, work, std::move(record)));
    tell_courier(visit);
    return with_secret(Status::ok, stored, secret);
}

std::vector<Route> first_webhook_routes() {
    return {
        {.method = Method::post,
         .pattern = "/v1/webhooks",
         .permission = Permission::use_webhook,
         .write = post_webhook,
         .secret = "secret",
         .about = {.id = "create_webhook",
                   .summary = "Subscribe to what happens, by webhook",
                   .tag = "Webhooks",
                   .words = "From now on each event is sent to the URL, signed by the secret as "
                            "Standard Webhooks asks; the secret is shown in this answer and never "
                            "again. It tells what your account may see, of one cluster or of the "
                            "whole network. `types` names event types, or their beginnings before "
                            "a `*`; none means all. `mode` is that of CloudEvents. With `ed25519` "
                            "messages are signed by a key as well, whose public half is shown.",
                   .body = {.name = "WebhookInput", .members = webhook_members},
                   .gives = {{.status = Status::created,
                              .schema = "NewWebhook",
                              .headers = {"Location"}}},
                   .refuses = {"not-found", "conflict"}}},
        {.method = Method::get,
         .pattern = "/v1/webhooks",
         .permission = Permission::use_webhook,
         .read = get_webhooks,
         .parameters = {"cursor", "limit"},
         .about = {.id = "list_webhooks",
                   .summary = "List your webhooks, and those of whom you manage",
                   .tag = "Webhooks",
                   .gives = {{.schema = "Webhook", .is_page = true}}}}};
}

std::vector<Route> more_webhook_routes() {
    return {
        {.method = Method::get,
         .pattern = "/v1/webhooks/{id}",
         .permission = Permission::use_webhook,
         .read = get_webhook,
         .about = {.id = "read_webhook",
                   .summary = "Read a webhook",
                   .tag = "Webhooks",
                   .gives = {{.schema = "Webhook"}}}},
        {.method = Method::patch,
         .pattern = "/v1/webhooks/{id}",
         .permission = Permission::use_webhook,
         .write = patch_webhook,
         .about = {.id = "change_webhook",
                   .summary = "Change, pause or enable a webhook",
                   .tag = "Webhooks",
                   .words = "What happens while `enabled` is false is sent once it is true again. "
                            "Setting it to true also enables what the server has disabled: after "
                            "an answer of 410, or five days without a success.",
                   .body = {.name = "WebhookPatch", .members = webhook_patch_members},
                   .gives = {{.schema = "Webhook"}}}},
        {.method = Method::del,
         .pattern = "/v1/webhooks/{id}",
         .permission = Permission::use_webhook,
         .write = delete_webhook,
         .about = {.id = "delete_webhook",
                   .summary = "End a webhook",
                   .tag = "Webhooks",
                   .gives = {{.status = Status::no_content}}}},
        {.method = Method::post,
         .pattern = "/v1/webhooks/{id}/rotate",
         .permission = Permission::use_webhook,
         .write = post_rotation,
         .secret = "secret",
         .about = {.id = "rotate_webhook_secret",
                   .summary = "Replace a webhook's secret",
                   .tag = "Webhooks",
                   .words = "The new one is shown in this answer and never again. For 24 hours "
                            "messages are signed by both.",
                   .gives = {{.schema = "NewWebhook"}},
                   .refuses = {"conflict"}}}};
}

}  // namespace

std::vector<Route> webhook_routes() {
    std::vector<Route> routes = first_webhook_routes();
    std::ranges::move(more_webhook_routes(), std::back_inserter(routes));
    return routes;
}

}  // namespace sillage::server
