#include "server/routes/webhook_record.hpp"

#include <algorithm>

#include "server/outward/target.hpp"
#include "server/routes/members.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Types that one webhook may name; who wants more names none.
constexpr std::size_t types_max = 50;
constexpr std::size_t secret_characters_max = 128;

sillage::Field boolean_member(std::string_view name) {
    sillage::Field field = any_member(name);
    field.schema.type = SchemaType::boolean;
    return field;
}

sillage::Field mode_member() {
    sillage::Field field = text_member("mode");
    for (const ContentMode mode : {ContentMode::structured, ContentMode::binary}) {
        field.schema.enumeration.emplace_back(name_of(mode));
    }
    return field;
}

/// `[A-Za-z0-9_.-]+`, perhaps with a `*` at its end.
bool is_type(std::string_view type) {
    if (type.ends_with('*')) {
        type.remove_suffix(1);
        if (type.empty()) {
            return true;
        }
    }
    return !type.empty() && type.size() <= short_text_max && std::ranges::all_of(type, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.' || c == '-';
    });
}

std::string_view status_of(const Subscription& subscription) {
    return subscription.disabled_at ? "disabled" : subscription.is_enabled ? "active" : "paused";
}

/// The public half of a signing key; null without one.
json::value open_key(const json::object& body) {
    const json::value* key = body.if_contains("public_key");
    return key == nullptr ? json::value(nullptr) : *key;
}

}  // namespace

std::vector<sillage::Field> webhook_members() {
    return {required(text_member("url", target_characters_max)),
            text_member("name"),
            text_member("cluster"),
            list_member("types", SchemaType::string),
            mode_member(),
            boolean_member("enabled"),
            text_member("secret", secret_characters_max),
            boolean_member("ed25519")};
}

std::vector<sillage::Field> webhook_patch_members() {
    return {required(text_member("url", target_characters_max)), text_member("name"),
            list_member("types", SchemaType::string), mode_member(), boolean_member("enabled")};
}

json::object webhook_json(const Record& record) {
    const json::object& body = record.body;
    json::object out;
    out.emplace("id", record.id);
    out.emplace("url", body.at("url"));
    out.emplace("name", body.at("name"));
    out.emplace("cluster",
                record.cluster.empty() ? json::value(nullptr) : json::value(record.cluster));
    out.emplace("types", body.at("types"));
    out.emplace("mode", body.at("mode"));
    out.emplace("enabled", body.at("enabled"));
    out.emplace("status", status_of(subscription_of(record)));
    out.emplace("disabled_at", body.at("disabled_at"));
    out.emplace("disabled_reason", body.at("disabled_reason"));
    out.emplace("public_key", open_key(body));
    out.emplace("account", body.at("account"));
    out.emplace("created_at", body.at("created_at"));
    out.emplace("revision", record.revision);
    return out;
}

bool may_use(const Account& caller, const Record& record, const RoleRights& rights) {
    const bool is_own = text_of(record.body, "account") == caller.id;
    return access(caller, is_own ? Permission::use_webhook : Permission::manage_webhook,
                  scope_of(record), rights) == Access::granted;
}

bool may_aim(const Account& caller, const Record& record, const RoleRights& rights) {
    return text_of(record.body, "account") == caller.id ||
           access(caller, Permission::manage_source, scope_of(record), rights) == Access::granted;
}

Result<Record> open_webhook(const Visit& visit, Reader& reader, std::string_view id) {
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::webhook, id, std::nullopt));
    if (!record || subscription_of(*record).is_deleted) {
        return no_such("webhook", id);
    }
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    if (!may_use(visit.account, *record, rights)) {
        return no_such("webhook", id);
    }
    return *record;
}

Result<void> check_webhook(const json::object& body) {
    const json::value* types = body.if_contains("types");
    if (types == nullptr) {
        return success();
    }
    if (types->as_array().size() > types_max) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "A webhook names 50 types at most; none means every type.",
                     .where = "/types"};
    }
    std::size_t index = 0;
    for (const json::value& type : types->as_array()) {
        if (!is_type(type.as_string())) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message =
                             "A type is letters, digits, full stops, hyphens and "
                             "underscores, perhaps with a * at its end.",
                         .where = "/types/" + std::to_string(index)};
        }
        ++index;
    }
    return success();
}

}  // namespace sillage::server
