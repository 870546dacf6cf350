#include "server/auth/rights.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sillage::server {
namespace {

constexpr std::array<std::pair<std::string_view, Right>, 8> right_names{{
    {"bound", Right::bound},
    {"company", Right::company},
    {"integration", Right::integration},
    {"evaluator", Right::evaluator},
    {"auditor", Right::auditor},
    {"mentor", Right::mentor},
    {"manager", Right::manager},
    {"admin", Right::admin},
}};

Right right_by_name(std::string_view role) {
    return role == "sme" ? Right::company : right_named(role).value_or(Right::bound);
}

Right right_declared_by(const Role& role) {
    const Right right = role.rights.empty() ? right_by_name(role.name)
                                            : right_named(role.rights).value_or(Right::bound);
    return right == Right::admin ? Right::bound : right;
}

}  // namespace

std::string_view name_of(Right right) {
    return std::ranges::find(right_names, right, &std::pair<std::string_view, Right>::second)
        ->first;
}

std::optional<Right> right_named(std::string_view name) {
    const auto found =
        std::ranges::find(right_names, name, &std::pair<std::string_view, Right>::first);
    return found == right_names.end() || found->second == Right::bound
               ? std::nullopt
               : std::optional(found->second);
}

void RoleRights::add_for_registry(const Definition& definition) {
    for (const Role& role : definition.roles) {
        if (right_named(role.name) || role.name == "sme") {
            continue;
        }
        const auto [known, is_new] = declared_.emplace(role.name, right_declared_by(role));
        if (!is_new && known->second != right_declared_by(role)) {
            known->second = Right::bound;
        }
    }
}

Right RoleRights::of(std::string_view role) const {
    if (role == name_of(Right::admin)) {
        return Right::admin;
    }
    if (definition_ != nullptr) {
        const Role* declared = definition_->find_role(role);
        return declared == nullptr ? right_by_name(role) : right_declared_by(*declared);
    }
    const auto found = declared_.find(role);
    return found == declared_.end() ? right_by_name(role) : found->second;
}

}  // namespace sillage::server
