#include "server/routes/routes.hpp"

#include <algorithm>

#include "server/routes/resources.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::World;

namespace {

/// What is there for those who have no token yet.
/// Asked without a token: who asks proves itself by a code, a link or a signature.
bool is_way_in(const std::string& path) {
    return path == "/v1/setup" || path == "/v1/login" || path.ends_with("/deliver");
}

}  // namespace

TEST_SUITE("routes/routes") {
    TEST_CASE("every route of the contract is there") {
        World world;
        const auto routes = world.router.routes();

        for (const auto* route : {"GET /healthz",
                                  "GET /readyz",
                                  "GET /v1/me",
                                  "GET /v1/me/sessions",
                                  "DELETE /v1/me/sessions/{id}",
                                  "POST /v1/login",
                                  "GET /login",
                                  "POST /login",
                                  "POST /v1/logout",
                                  "GET /v1/workflows",
                                  "POST /v1/workflows",
                                  "GET /v1/workflows/{name}",
                                  "GET /v1/workflows/{name}/versions/{version}",
                                  "POST /v1/clusters",
                                  "GET /v1/clusters",
                                  "POST /v1/companies",
                                  "GET /v1/companies",
                                  "GET /v1/companies/{id}",
                                  "PATCH /v1/companies/{id}",
                                  "POST /v1/accounts",
                                  "GET /v1/accounts",
                                  "GET /v1/accounts/{id}",
                                  "PATCH /v1/accounts/{id}",
                                  "POST /v1/accounts/{id}/tokens",
                                  "GET /v1/accounts/{id}/tokens",
                                  "DELETE /v1/accounts/{id}/tokens/{token}",
                                  "POST /v1/cohorts",
                                  "GET /v1/cohorts",
                                  "GET /v1/cohorts/{id}",
                                  "PATCH /v1/cohorts/{id}",
                                  "GET /v1/cohorts/{id}/board",
                                  "POST /v1/cohorts/{id}/events",
                                  "POST /v1/instances",
                                  "GET /v1/instances",
                                  "GET /v1/instances/{id}",
                                  "GET /v1/instances/{id}/actions",
                                  "POST /v1/instances/{id}/events",
                                  "GET /v1/instances/{id}/history",
                                  "POST /v1/instances/{id}/incidents/{sequence}/resolve"}) {
            CAPTURE(route);
            CHECK(std::ranges::find(routes, route) != routes.end());
        }
    }

    TEST_CASE("every route names a permission, and but for a few none is open") {
        std::vector<std::string> open;
        for (const Route& route : table_of_routes(true)) {
            CAPTURE(route.pattern);
            CHECK(route.permission != Permission::undeclared);
            if (route.permission == Permission::open) {
                open.emplace_back(route.pattern);
            }
        }

        CHECK(open == std::vector<std::string>{
                          "/healthz", "/readyz", "/v1/inbound/{id}/deliver", "/v1/login",
                          "/login/{code}", "/login/{code}", "/login", "/login", "/", "/metrics",
                          "/problems/{code}", "/setup/{code}", "/setup/{code}", "/v1/setup",
                          "/openapi.json", "/docs", "/assets/{name}", "/login/oidc",
                          "/login/oidc/callback"});
    }

    TEST_CASE("without a token no route of the API tells anything") {
        World world;
        for (const std::string& route : world.router.routes()) {
            CAPTURE(route);
            std::string path = route.substr(route.find('/'));
            if (!path.starts_with("/v1/") || is_way_in(path)) {
                continue;
            }
            std::ranges::replace_if(
                path, [](char c) { return c == '{' || c == '}'; }, 'x');
            const auto reply = world.ask(
                {.method = route.substr(0, route.find(' ')), .path = path, .as = "", .body = "{"});
            CHECK(reply.status == 401);
        }
    }

    TEST_CASE("an account without roles may do nothing but look at itself and leave") {
        World world;
        world.account("nobody", "[]");
        for (const std::string& route : world.router.routes()) {
            CAPTURE(route);
            const std::string method = route.substr(0, route.find(' '));
            std::string path = route.substr(route.find('/'));
            if (method == "GET" || !path.starts_with("/v1/") || is_way_in(path) ||
                path == "/v1/logout") {
                continue;
            }
            std::ranges::replace_if(
                path, [](char c) { return c == '{' || c == '}'; }, 'x');
            const auto reply =
                world.ask({.method = method, .path = path, .as = "nobody", .body = "{}"});
            CHECK((reply.status == 403 || reply.status == 404));
        }
    }
}
