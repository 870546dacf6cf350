#include "server/auth/account.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/assert.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, std::string Scope::*>, 4> scope_members{{
    {"cluster", &Scope::cluster},
    {"cohort", &Scope::cohort},
    {"company", &Scope::company},
    {"instance", &Scope::instance},
}};

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

bool covers(const Scope& binding, const Scope& thing) {
    const auto descends = [&] {
        return std::ranges::find(thing.ancestors, binding.instance) != thing.ancestors.end();
    };
    for (const auto& [name, member] : scope_members) {
        if (!(binding.*member).empty() && binding.*member != thing.*member &&
            !(member == &Scope::instance && descends())) {
            return false;
        }
    }
    return true;
}

json::object to_json(const Binding& binding) {
    json::object object;
    object.emplace("role", binding.role);
    for (const auto& [name, member] : scope_members) {
        if (!(binding.scope.*member).empty()) {
            object.emplace(name, binding.scope.*member);
        }
    }
    return object;
}

Binding binding_of(const json::object& members) {
    Binding binding{.role = text_of(members, "role")};
    for (const auto& [name, member] : scope_members) {
        binding.scope.*member = text_of(members, name);
    }
    return binding;
}

Account account_of(const Record& record) {
    SILLAGE_ASSERT(record.kind == RecordKind::account);
    Account account{.id = record.id, .name = text_of(record.body, "name")};
    for (const json::value& binding : record.body.at("bindings").as_array()) {
        account.bindings.push_back(binding_of(binding.as_object()));
    }
    return account;
}

std::string email_lookup(std::string_view email) {
    std::string lookup(email);
    std::ranges::transform(lookup, lookup.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lookup;
}

Scope scope_of(const InstanceRecord& instance) {
    return Scope{.cluster = instance.cluster,
                 .cohort = instance.cohort,
                 .company = instance.company,
                 .instance = instance.id,
                 .ancestors = instance.ancestors};
}

Scope scope_of(const Record& record) {
    switch (record.kind) {
        case RecordKind::cluster:
            return Scope{.cluster = record.id};
        case RecordKind::company:
            return Scope{.cluster = record.cluster, .company = record.id};
        case RecordKind::cohort:
            return Scope{.cluster = record.cluster, .cohort = record.id};
        case RecordKind::webhook:
        case RecordKind::source:
        case RecordKind::received:
            return Scope{.cluster = record.cluster};
        case RecordKind::account:
        case RecordKind::token:
        case RecordKind::delegation:
            break;
    }
    return Scope{};
}

}  // namespace sillage::server
