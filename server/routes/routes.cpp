#include "server/routes/routes.hpp"

#include "server/routes/oidc.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {

std::vector<Route> table_of_routes(bool is_sandbox) {
    std::vector<Route> table;
    const auto add = [&](const std::vector<Route>& routes) {
        table.insert(table.end(), routes.begin(), routes.end());
    };
    for (const auto& routes_of_resource :
         {account_routes,        board_routes,          bulk_routes,
          cluster_routes,        cohort_routes,         company_routes,
          company_export_routes, company_import_routes, delegation_routes,
          diagram_routes,        event_routes,          health_routes,
          history_routes,        inbound_routes,        instance_routes,
          login_routes,          login_page_routes,     me_routes,
          metrics_routes,        problem_routes,        session_routes,
          setup_routes,          site_routes,           stream_routes,
          token_routes,          webhook_routes,        webhook_delivery_routes,
          workflow_routes}) {
        add(routes_of_resource());
    }
    add(oidc_routes());
    if (is_sandbox) {
        add(sandbox_routes());
    }
    return table;
}

void add_routes(Router& router, const Services& services) {
    for (const Route& route : table_of_routes(services.sandbox.is_open())) {
        add_route(router, services, route);
    }
}

}  // namespace sillage::server
