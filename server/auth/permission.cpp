#include "server/auth/permission.hpp"

#include <algorithm>
#include <initializer_list>

namespace sillage::server {
namespace {

using enum Right;

constexpr unsigned set_of(std::initializer_list<Right> rights) {
    unsigned set = 0;
    for (const Right right : rights) {
        set |= 1U << static_cast<unsigned>(right);
    }
    return set;
}

constexpr unsigned nobody = 0;
constexpr unsigned everybody =
    set_of({bound, company, integration, evaluator, auditor, mentor, manager, admin});

/// The table: api.md, section 3, column "who".
constexpr unsigned rights_that_grant(Permission permission) {
    switch (permission) {
        case Permission::undeclared:
            return nobody;
        case Permission::open:
        case Permission::any_account:
        case Permission::read_instance:
            return everybody;
        case Permission::act_on_instance:
            return everybody & ~set_of({auditor});
        case Permission::write_network:
        case Permission::manage_source:
            return set_of({admin});
        case Permission::publish_workflow:
        case Permission::write_company:
        case Permission::write_account:
        case Permission::write_cohort:
        case Permission::resolve_incident:
        case Permission::manage_webhook:
            return set_of({admin, manager});
        case Permission::start_instance:
        case Permission::use_webhook:
            return set_of({admin, manager, integration});
        case Permission::read_cluster:
        case Permission::read_company:
            return set_of({admin, manager, mentor, auditor, integration, company});
        case Permission::read_account:
        case Permission::read_effects:
            return set_of({admin, manager, auditor});
        case Permission::know_inside:
            return everybody & ~set_of({bound, company});
        case Permission::read_sheets:
            return everybody & ~set_of({bound, company, evaluator});
        case Permission::read_cohort:
            return set_of({admin, manager, mentor, auditor, integration});
        case Permission::read_board:
            return set_of({admin, manager, mentor, auditor});
        case Permission::act_on_cohort:
            return set_of({admin, manager, mentor});
    }
    return nobody;
}

bool grants(Right right, Permission permission) {
    return (rights_that_grant(permission) & set_of({right})) != 0;
}

/// Whether the account is of the company that the thing is about.
bool has_interest(const Account& account, const Scope& thing, const RoleRights& rights) {
    const auto is_of_company = [&](const Binding& binding) {
        return binding.scope.company == thing.company && rights.of(binding.role) == Right::company;
    };
    return !thing.company.empty() && (std::ranges::any_of(account.bindings, is_of_company) ||
                                      std::ranges::any_of(account.own_bindings, is_of_company));
}

/// Whether the binding counts for that thing.
bool counts(const Account& account, const Binding& binding, const Scope& thing,
            const RoleRights& rights) {
    return covers(binding.scope, thing) &&
           (rights.of(binding.role) != Right::evaluator || !has_interest(account, thing, rights));
}

}  // namespace

Access access(const Account& account, Permission permission, const Scope& thing,
              const RoleRights& rights) {
    Access best = Access::hidden;
    for (const Binding& binding : account.bindings) {
        if (!counts(account, binding, thing, rights)) {
            continue;
        }
        if (grants(rights.of(binding.role), permission)) {
            return Access::granted;
        }
        best = Access::forbidden;
    }
    return best;
}

bool may_somewhere(const Account& account, Permission permission, const RoleRights& rights) {
    return permission == Permission::any_account ||
           std::ranges::any_of(account.bindings, [&](const Binding& binding) {
               return grants(rights.of(binding.role), permission);
           });
}

std::vector<Right> rights_granting(Permission permission) {
    std::vector<Right> rights;
    for (const Right right :
         {bound, company, integration, evaluator, auditor, mentor, manager, admin}) {
        if (grants(right, permission)) {
            rights.push_back(right);
        }
    }
    return rights;
}

std::vector<std::string> workflow_roles(const Account& account, const Definition& definition,
                                        const Scope& instance) {
    const RoleRights rights(definition);
    std::vector<std::string> roles;
    for (const Binding& binding : account.bindings) {
        if (counts(account, binding, instance, rights) &&
            definition.find_role(binding.role) != nullptr &&
            std::ranges::find(roles, binding.role) == roles.end()) {
            roles.push_back(binding.role);
        }
    }
    return roles;
}

Audience audience_of(const Account& account, const Scope& instance, const RoleRights& rights) {
    const bool is_inside =
        access(account, Permission::know_inside, instance, rights) == Access::granted;
    return is_inside ? Audience::staff : Audience::outside;
}

bool is_known_outside(Right right) { return right != Right::evaluator && right != Right::bound; }

bool is_admin_of(const Account& account, const Scope& thing) {
    return std::ranges::any_of(account.bindings, [&](const Binding& binding) {
        return binding.role == name_of(Right::admin) && covers(binding.scope, thing);
    });
}

}  // namespace sillage::server
