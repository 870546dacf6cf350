#include "server/routes/routes.hpp"

#include "server/routes/resources.hpp"

namespace sillage::server {

void add_routes(Router& router, const Services& services) {
    for (const auto& routes_of_resource :
         {account_routes, board_routes, bulk_routes, cluster_routes, cohort_routes, company_routes,
          event_routes, health_routes, history_routes, instance_routes, me_routes, setup_routes,
          token_routes, workflow_routes}) {
        for (const Route& route : routes_of_resource()) {
            add_route(router, services, route);
        }
    }
    if (services.sandbox.is_open()) {
        for (const Route& route : sandbox_routes()) {
            add_route(router, services, route);
        }
    }
}

}  // namespace sillage::server
