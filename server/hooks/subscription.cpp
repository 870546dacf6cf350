#include "server/hooks/subscription.hpp"

#include <algorithm>

#include "engine/base/assert.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

std::string text_in(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string())
                                                  : std::string();
}

std::optional<Instant> instant_in(const json::object& object, std::string_view name) {
    const std::string text = text_in(object, name);
    if (text.empty()) {
        return std::nullopt;
    }
    const Result<Instant> at = parse_instant(text);
    return at ? std::optional(at.value()) : std::nullopt;
}

std::vector<KeptSecret> secrets_in(const json::object& body) {
    std::vector<KeptSecret> secrets;
    for (const json::value& item : body.at("secrets").as_array()) {
        const json::object& secret = item.as_object();
        secrets.push_back(
            {.text = text_in(secret, "secret"), .ends_at = instant_in(secret, "ends_at")});
    }
    return secrets;
}

/// `whsec` or `whsk`.
std::string_view kind_of(std::string_view secret) { return secret.substr(0, secret.find('_')); }

}  // namespace

std::string_view name_of(ContentMode mode) {
    return mode == ContentMode::structured ? "structured" : "binary";
}

std::optional<ContentMode> content_mode_named(std::string_view name) {
    for (const ContentMode mode : {ContentMode::structured, ContentMode::binary}) {
        if (name == name_of(mode)) {
            return mode;
        }
    }
    return std::nullopt;
}

bool Subscription::wants(std::string_view type) const {
    return types.empty() || std::ranges::any_of(types, [&](std::string_view asked) {
               return asked.ends_with('*') ? type.starts_with(asked.substr(0, asked.size() - 1))
                                           : type == asked;
           });
}

std::vector<SignatureKey> Subscription::keys_at(Instant now) const {
    std::vector<SignatureKey> keys;
    for (const KeptSecret& secret : secrets) {
        if (secret.ends_at && *secret.ends_at <= now) {
            continue;
        }
        if (auto key = SignatureKey::read(secret.text)) {
            keys.push_back(std::move(key).value());
        }
    }
    return keys;
}

Subscription subscription_of(const Record& record) {
    SILLAGE_ASSERT(record.kind == RecordKind::webhook);
    const json::object& body = record.body;
    Subscription subscription{.id = record.id,
                              .revision = record.revision,
                              .cluster = record.cluster,
                              .account = text_in(body, "account"),
                              .url = text_in(body, "url"),
                              .is_enabled = body.at("enabled").as_bool(),
                              .disabled_at = instant_in(body, "disabled_at"),
                              .is_deleted = instant_in(body, "deleted_at").has_value(),
                              .created_at = instant_in(body, "created_at").value_or(Instant{}),
                              .secrets = secrets_in(body)};
    subscription.mode = content_mode_named(text_in(body, "mode")).value_or(ContentMode::structured);
    for (const json::value& type : body.at("types").as_array()) {
        subscription.types.emplace_back(type.as_string());
    }
    return subscription;
}

json::array rotated(const json::array& secrets, std::string_view text, Instant now) {
    json::array out;
    if (!text.empty()) {
        out.push_back(json::object{{"secret", text}, {"ends_at", nullptr}});
    }
    for (const json::value& item : secrets) {
        json::object secret = item.as_object();
        const auto ends_at = instant_in(secret, "ends_at");
        if (ends_at && *ends_at <= now) {
            continue;
        }
        if (!ends_at && kind_of(text_in(secret, "secret")) == kind_of(text)) {
            secret["ends_at"] = to_string(now + secret_overlap);
        }
        out.push_back(std::move(secret));
    }
    return out;
}

void disable(json::object& body, std::string_view reason, Instant now) {
    body["disabled_at"] = to_string(now);
    body["disabled_reason"] = reason;
}

void undo_disable(json::object& body) {
    body["disabled_at"] = nullptr;
    body["disabled_reason"] = nullptr;
}

}  // namespace sillage::server
