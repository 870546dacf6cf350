#pragma once

#include <vector>

#include "server/routes/visit.hpp"

// One function a resource, one file a function: its lines of the table of routes.

namespace sillage::server {

[[nodiscard]] std::vector<Route> account_routes();
[[nodiscard]] std::vector<Route> board_routes();
[[nodiscard]] std::vector<Route> bulk_routes();
[[nodiscard]] std::vector<Route> cluster_routes();
[[nodiscard]] std::vector<Route> cohort_routes();
[[nodiscard]] std::vector<Route> company_routes();
[[nodiscard]] std::vector<Route> company_export_routes();
[[nodiscard]] std::vector<Route> company_import_routes();
[[nodiscard]] std::vector<Route> delegation_routes();
[[nodiscard]] std::vector<Route> diagram_routes();
[[nodiscard]] std::vector<Route> event_routes();
[[nodiscard]] std::vector<Route> health_routes();
[[nodiscard]] std::vector<Route> history_routes();
[[nodiscard]] std::vector<Route> inbound_routes();
[[nodiscard]] std::vector<Route> instance_routes();
[[nodiscard]] std::vector<Route> login_routes();
[[nodiscard]] std::vector<Route> login_page_routes();
[[nodiscard]] std::vector<Route> me_routes();
[[nodiscard]] std::vector<Route> metrics_routes();
[[nodiscard]] std::vector<Route> problem_routes();
[[nodiscard]] std::vector<Route> sandbox_routes();
[[nodiscard]] std::vector<Route> session_routes();
[[nodiscard]] std::vector<Route> setup_routes();
[[nodiscard]] std::vector<Route> site_routes();
[[nodiscard]] std::vector<Route> stream_routes();
[[nodiscard]] std::vector<Route> token_routes();
[[nodiscard]] std::vector<Route> webhook_routes();
[[nodiscard]] std::vector<Route> webhook_delivery_routes();
[[nodiscard]] std::vector<Route> workflow_routes();

}  // namespace sillage::server
