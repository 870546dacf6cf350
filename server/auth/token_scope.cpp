#include "server/auth/token_scope.hpp"

#include <algorithm>

namespace sillage::server {
namespace {

constexpr std::string_view reading = "read";
constexpr std::string_view instances = "instances";
constexpr std::string_view registry = "registry";
constexpr std::string_view accounts = "accounts";
constexpr std::string_view workflows = "workflows";
constexpr std::string_view webhooks = "webhooks";

}  // namespace

const std::vector<std::string_view>& token_scopes() {
    static const std::vector<std::string_view> all{reading,  instances, registry,
                                                   accounts, workflows, webhooks};
    return all;
}

std::string_view scope_needed(Permission permission, bool is_safe) {
    if (is_safe) {
        return reading;
    }
    switch (permission) {
        case Permission::read_cluster:
        case Permission::read_company:
        case Permission::read_account:
        case Permission::read_cohort:
        case Permission::read_board:
        case Permission::read_instance:  // POST …/explain asks, too
        case Permission::read_effects:
        case Permission::know_inside:
        case Permission::read_sheets:
            return reading;
        case Permission::act_on_cohort:
        case Permission::act_on_instance:
        case Permission::start_instance:
        case Permission::resolve_incident:
            return instances;
        case Permission::write_network:
        case Permission::write_company:
        case Permission::write_cohort:
            return registry;
        case Permission::publish_workflow:
            return workflows;
        case Permission::use_webhook:
        case Permission::manage_webhook:
        case Permission::manage_source:
            return webhooks;
        case Permission::undeclared:
        case Permission::open:
        case Permission::any_account:  // its own tokens and login sessions
        case Permission::write_account:
            break;
    }
    return accounts;
}

bool allows(const std::vector<std::string>& scopes, std::string_view needed) {
    return scopes.empty() || std::ranges::find(scopes, needed) != scopes.end();
}

Result<void> check_scope(const std::vector<std::string>& scopes, std::string_view needed) {
    if (allows(scopes, needed)) {
        return success();
    }
    std::string held;
    for (const std::string& scope : scopes) {
        held += (held.empty() ? "" : ", ") + scope;
    }
    return Error{.code = ErrorCode::forbidden,
                 .message = "The token is limited to " + held + "; this needs the scope " +
                            std::string(needed) + "."};
}

std::optional<std::string> scope_beyond(const std::vector<std::string>& held,
                                        const std::vector<std::string>& wanted) {
    const auto beyond = std::ranges::find_if(
        wanted, [&](const std::string& scope) { return !allows(held, scope); });
    return beyond == wanted.end() ? std::nullopt : std::optional(*beyond);
}

}  // namespace sillage::server
