#include "server/auth/delegation.hpp"

#include <algorithm>

#include "engine/base/assert.hpp"
#include "server/auth/rights.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

Instant instant_of(const json::object& object, std::string_view name) {
    const auto instant = parse_instant(text_of(object, name));
    SILLAGE_ASSERT(instant.has_value());
    return instant.value();
}

/// What lies in both; nothing: there is nothing that could.
std::optional<Scope> common_part(const Scope& one, const Scope& other) {
    Scope part = one;
    for (const auto member : {&Scope::cluster, &Scope::cohort, &Scope::company, &Scope::instance}) {
        if ((part.*member).empty()) {
            part.*member = other.*member;
        } else if (!(other.*member).empty() && part.*member != other.*member) {
            return std::nullopt;
        }
    }
    return part;
}

}  // namespace

Delegation delegation_of(const Record& record) {
    SILLAGE_ASSERT(record.kind == RecordKind::delegation);
    const json::object& body = record.body;
    Delegation delegation{.id = record.id,
                          .from = text_of(body, "from"),
                          .to = text_of(body, "to"),
                          .scope = binding_of(body).scope,
                          .starts_at = instant_of(body, "starts_at"),
                          .ends_at = instant_of(body, "ends_at"),
                          .reason = text_of(body, "reason"),
                          .revoked = !text_of(body, "revoked_at").empty()};
    for (const json::value& role : body.at("roles").as_array()) {
        delegation.roles.emplace_back(role.as_string());
    }
    return delegation;
}

std::string delegation_lookup(std::string_view from, std::string_view to) {
    return std::string(from) + ">" + std::string(to);
}

bool is_in_force(const Delegation& delegation, Instant now) {
    return !delegation.revoked && delegation.starts_at <= now && now < delegation.ends_at;
}

Account in_place_of(const Account& delegate, const Account& principal,
                    const Delegation& delegation) {
    Account acting{
        .id = delegate.id,
        .name = delegate.name,
        .on_behalf_of =
            Behalf{.id = principal.id, .delegation = delegation.id, .reason = delegation.reason},
        .own_bindings = delegate.bindings,
        .credential = delegate.credential,
        .scopes = delegate.scopes};
    for (const Binding& binding : principal.bindings) {
        const bool is_lent =
            binding.role != name_of(Right::admin) &&
            (delegation.roles.empty() ||
             std::ranges::find(delegation.roles, binding.role) != delegation.roles.end());
        const auto scope = common_part(binding.scope, delegation.scope);
        if (is_lent && scope) {
            acting.bindings.push_back({.role = binding.role, .scope = *scope});
        }
    }
    return acting;
}

}  // namespace sillage::server
