#include <algorithm>

#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// What the caller's bindings let it see: everything, or the things they name.
json::object sight_of(const Account& account) {
    bool everything = false;
    json::array clusters;
    json::array cohorts;
    json::array companies;
    json::array instances;
    for (const auto& [role, scope] : account.bindings) {
        everything = everything || scope == Scope{};
        if (!scope.instance.empty()) {
            instances.emplace_back(scope.instance);
        } else if (!scope.company.empty()) {
            companies.emplace_back(scope.company);
        } else if (!scope.cohort.empty()) {
            cohorts.emplace_back(scope.cohort);
        } else if (!scope.cluster.empty()) {
            clusters.emplace_back(scope.cluster);
        }
    }
    json::object sight;
    sight.emplace("everything", everything);
    sight.emplace("clusters", std::move(clusters));
    sight.emplace("cohorts", std::move(cohorts));
    sight.emplace("companies", std::move(companies));
    sight.emplace("instances", std::move(instances));
    return sight;
}

Result<Response> get_me(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    json::array roles;
    json::array names;
    for (const Binding& binding : visit.account.bindings) {
        roles.push_back(to_json(binding));
        const json::value name(name_of(rights.of(binding.role)));
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(name);
        }
    }
    json::object body;
    body.emplace("id", visit.account.id);
    body.emplace("name", visit.account.name);
    body.emplace("on_behalf_of", visit.account.on_behalf_of
                                     ? json::value(visit.account.on_behalf_of->id.view())
                                     : json::value(nullptr));
    body.emplace("roles", std::move(roles));
    body.emplace("rights", std::move(names));
    body.emplace("sees", sight_of(visit.account));
    return json_response(Status::ok, body);
}

}  // namespace

std::vector<Route> me_routes() {
    return {{.method = Method::get,
             .pattern = "/v1/me",
             .permission = Permission::any_account,
             .read = get_me,
             .about = {.id = "read_me",
                       .summary = "See who you are and what you may see",
                       .tag = "Accounts",
                       .gives = {{.schema = "Me"}}}}};
}

}  // namespace sillage::server
