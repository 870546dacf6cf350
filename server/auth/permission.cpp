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
            return set_of({admin});
        case Permission::publish_workflow:
        case Permission::write_company:
        case Permission::write_account:
        case Permission::write_cohort:
        case Permission::resolve_incident:
            return set_of({admin, manager});
        case Permission::start_instance:
            return set_of({admin, manager, integration});
        case Permission::read_cluster:
        case Permission::read_company:
            return set_of({admin, manager, mentor, auditor, integration, company});
        case Permission::read_account:
        case Permission::read_effects:
            return set_of({admin, manager, auditor});
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

}  // namespace

Access access(const Account& account, Permission permission, const Scope& thing,
              const RoleRights& rights) {
    Access best = Access::hidden;
    for (const Binding& binding : account.bindings) {
        if (!covers(binding.scope, thing)) {
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
    std::vector<std::string> roles;
    for (const Binding& binding : account.bindings) {
        if (covers(binding.scope, instance) && definition.find_role(binding.role) != nullptr &&
            std::ranges::find(roles, binding.role) == roles.end()) {
            roles.push_back(binding.role);
        }
    }
    return roles;
}

bool is_admin_of(const Account& account, const Scope& thing) {
    return std::ranges::any_of(account.bindings, [&](const Binding& binding) {
        return binding.role == name_of(Right::admin) && covers(binding.scope, thing);
    });
}

}  // namespace sillage::server
