#include "server/auth/rights.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

namespace {

Definition workflow(std::vector<Role> roles) { return Definition{.roles = std::move(roles)}; }

}  // namespace

TEST_SUITE("auth/rights") {
    TEST_CASE("without a workflow a role gives what it is called") {
        const RoleRights rights;

        CHECK(rights.of("manager") == Right::manager);
        CHECK(rights.of("sme") == Right::company);
        CHECK(rights.of("jury") == Right::bound);
        CHECK(rights.of("bound") == Right::bound);
        CHECK_FALSE(right_named("bound"));
    }

    TEST_CASE("a workflow states the rights of its roles") {
        const Definition definition = workflow({{.name = "chair", .rights = "manager"},
                                                {.name = "mentor", .rights = "evaluator"},
                                                {.name = "sme"}});
        const RoleRights rights(definition);

        CHECK(rights.of("chair") == Right::manager);
        CHECK(rights.of("mentor") == Right::evaluator);
        CHECK(rights.of("sme") == Right::company);
    }

    TEST_CASE("no workflow makes administrators") {
        const Definition definition =
            workflow({{.name = "chair", .rights = "admin"}, {.name = "admin", .rights = "mentor"}});
        const RoleRights rights(definition);

        CHECK(rights.of("chair") == Right::bound);
        CHECK(rights.of("admin") == Right::admin);
    }

    TEST_CASE("in the registry own names stand, and workflows that differ give the least") {
        RoleRights rights;
        rights.add_for_registry(workflow({{.name = "chair", .rights = "manager"},
                                          {.name = "lead", .rights = "mentor"},
                                          {.name = "mentor", .rights = "manager"}}));
        rights.add_for_registry(workflow(
            {{.name = "chair", .rights = "auditor"}, {.name = "lead", .rights = "mentor"}}));

        CHECK(rights.of("chair") == Right::bound);
        CHECK(rights.of("lead") == Right::mentor);
        CHECK(rights.of("mentor") == Right::mentor);
    }
}
