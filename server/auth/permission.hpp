#pragma once

#include <string>
#include <vector>

#include "server/auth/account.hpp"
#include "server/auth/rights.hpp"

// The one place that decides who may do what. A route names a Permission in its table; which
// rights grant it stands in one table here, and what none of them grants is denied.

namespace sillage::server {

enum class Permission {
    undeclared,     ///< granted to nobody; a route that has it stops the start
    open,           ///< without a token
    any_account,    ///< whoever is signed in; what is shown is then filtered
    write_network,  ///< make clusters, move a sandbox's clock
    publish_workflow,
    read_cluster,
    read_company,
    write_company,
    read_account,
    write_account,
    read_cohort,
    write_cohort,
    read_board,
    act_on_cohort,  ///< bulk events
    read_instance,
    act_on_instance,
    start_instance,
    resolve_incident,
    use_webhook,     ///< one's own
    manage_source,   ///< sources of incoming webhooks, and what came of them
    manage_webhook,  ///< those of others, and what receivers answered
    read_effects,    ///< what steps sent and started, in a history
    know_inside,     ///< hidden states, and who acted: see engine/model/audience.hpp
    read_sheets,     ///< what evaluators wrote, where the workflow does not say who may
};

enum class Access {
    granted,
    forbidden,  ///< the caller may know of the thing: 403
    hidden,     ///< the caller may not: 404, as if it did not exist
};

/// Whether the account may do it to a thing that lies there. Who belongs to a company does not
/// evaluate it: there, roles with the evaluator's right count for nothing.
[[nodiscard]] Access access(const Account& account, Permission permission, const Scope& thing,
                            const RoleRights& rights);

/// Whether it may do it to anything at all: what is asked before looking for the thing.
[[nodiscard]] bool may_somewhere(const Account& account, Permission permission,
                                 const RoleRights& rights);

/// The rights that grant it somewhere, from the narrowest to the widest.
[[nodiscard]] std::vector<Right> rights_granting(Permission permission);

/// The roles of the workflow that the account's bindings give it for that instance: what `by` is
/// held against. In order of the bindings, each once.
[[nodiscard]] std::vector<std::string> workflow_roles(const Account& account,
                                                      const Definition& definition,
                                                      const Scope& instance);

/// For whom an instance is worded when the account reads it.
[[nodiscard]] Audience audience_of(const Account& account, const Scope& instance,
                                   const RoleRights& rights);

/// Whether outsiders may know who acts in a role of that right: the company's own people and those
/// whom it deals with. Evaluators, and roles of which the workflow says nothing, have no names.
[[nodiscard]] bool is_known_outside(Right right);

/// Whether the account holds `admin` for that thing.
[[nodiscard]] bool is_admin_of(const Account& account, const Scope& thing);

}  // namespace sillage::server
