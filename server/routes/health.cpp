#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

Response status_of(std::string_view status) {
    boost::json::object body;
    body.emplace("status", status);
    return json_response(Status::ok, body);
}

/// The process lives and answers; nothing else is asked, so that a full disk does not restart it.
net::awaitable<Result<Response>> get_health(const Arrival& arrival) {
    SILLAGE_CO_TRY(reject_unknown_parameters(arrival.request, arrival.route.parameters));
    co_return status_of("ok");
}

Result<bool> ask_store(Runtime& runtime) {
    SILLAGE_TRY(runtime.store().ready());
    return true;
}

/// Work can be done: the engine takes requests, and storage takes writes.
net::awaitable<Result<Response>> get_readiness(const Arrival& arrival) {
    SILLAGE_CO_TRY(reject_unknown_parameters(arrival.request, arrival.route.parameters));
    Gate& gate = arrival.services.gate;
    if (!gate.ready()) {
        co_return Error{.code = ErrorCode::unavailable,
                        .message = "The storage has failed; the server must be started anew."};
    }
    SILLAGE_CO_TRY(co_await gate.run(ask_store));
    co_return status_of("ready");
}

}  // namespace

std::vector<Route> health_routes() {
    return {{.method = Method::get,
             .pattern = "/healthz",
             .permission = Permission::open,
             .task = get_health,
             .about = {.id = "read_health",
                       .summary = "Ask whether the process lives",
                       .tag = "Operation",
                       .gives = {{.schema = "Health"}}}},
            {.method = Method::get,
             .pattern = "/readyz",
             .permission = Permission::open,
             .task = get_readiness,
             .about = {.id = "read_readiness",
                       .summary = "Ask whether work can be done",
                       .tag = "Operation",
                       .words = "Storage takes writes, and the engine takes requests.",
                       .gives = {{.schema = "Health"}}}}};
}

}  // namespace sillage::server
