#include "server/auth/permission.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace sillage;
using namespace sillage::server;

namespace {

const Scope instance_of_a{
    .cluster = "clu_a", .cohort = "coh_a", .company = "com_a", .instance = "ins_a"};

Account account(std::string role, Scope scope = {}) {
    return Account{.id = "acc_x", .bindings = {{.role = std::move(role), .scope = scope}}};
}

}  // namespace

TEST_SUITE("auth/permission") {
    TEST_CASE("nobody has an undeclared permission") {
        for (const auto* role : {"admin", "manager", "mentor", "company", "evaluator", "auditor",
                                 "integration", "anything"}) {
            CAPTURE(role);
            CHECK_FALSE(may_somewhere(account(role), Permission::undeclared, {}));
            CHECK(access(account(role), Permission::undeclared, instance_of_a, {}) ==
                  Access::forbidden);
        }
    }

    TEST_CASE("each right grants what the contract's table says, and no more") {
        struct Row {
            Permission permission;
            std::vector<std::string> granted;
        };
        const Row rows[] = {
            {Permission::write_network, {"admin"}},
            {Permission::publish_workflow, {"admin", "manager"}},
            {Permission::write_company, {"admin", "manager"}},
            {Permission::write_account, {"admin", "manager"}},
            {Permission::write_cohort, {"admin", "manager"}},
            {Permission::resolve_incident, {"admin", "manager"}},
            {Permission::act_on_cohort, {"admin", "manager", "mentor"}},
            {Permission::read_board, {"admin", "manager", "mentor", "auditor"}},
            {Permission::start_instance, {"admin", "manager", "integration"}},
            {Permission::read_instance,
             {"admin", "manager", "mentor", "company", "evaluator", "auditor", "integration",
              "jury"}},
            {Permission::act_on_instance,
             {"admin", "manager", "mentor", "company", "evaluator", "integration", "jury"}},
        };
        for (const Row& row : rows) {
            for (const std::string role : {"admin", "manager", "mentor", "company", "evaluator",
                                           "auditor", "integration", "jury"}) {
                CAPTURE(static_cast<int>(row.permission));
                CAPTURE(role);
                const bool granted = std::ranges::find(row.granted, role) != row.granted.end();
                CHECK(may_somewhere(account(role), row.permission, {}) == granted);
                CHECK((access(account(role), row.permission, instance_of_a, {}) ==
                       Access::granted) == granted);
            }
        }
    }

    TEST_CASE("what lies outside the bindings is hidden, what lies inside may be forbidden") {
        const Scope cluster_a{.cluster = "clu_a"};
        const Scope cluster_b{.cluster = "clu_b"};

        CHECK(access(account("manager", cluster_a), Permission::write_company, cluster_a, {}) ==
              Access::granted);
        CHECK(access(account("manager", cluster_b), Permission::write_company, cluster_a, {}) ==
              Access::hidden);
        CHECK(access(account("mentor", cluster_a), Permission::write_company, cluster_a, {}) ==
              Access::forbidden);
        CHECK(access(Account{}, Permission::read_instance, instance_of_a, {}) == Access::hidden);
        CHECK(access(account("company", {.company = "com_b"}), Permission::read_instance,
                     instance_of_a, {}) == Access::hidden);
    }

    TEST_CASE("an instance's roles are the workflow's own that a binding gives there") {
        const Definition workflow{.roles = {{.name = "sme"}, {.name = "mentor"}}};
        const Account holder{.id = "acc_x",
                             .bindings = {{.role = "mentor", .scope = {.cohort = "coh_a"}},
                                          {.role = "mentor"},
                                          {.role = "admin"},
                                          {.role = "sme", .scope = {.company = "com_b"}}}};

        CHECK(workflow_roles(holder, workflow, instance_of_a) ==
              std::vector<std::string>{"mentor"});
        CHECK(workflow_roles(account("admin"), workflow, instance_of_a).empty());
    }

    TEST_CASE("an administrator is one where the binding reaches") {
        CHECK(is_admin_of(account("admin"), {}));
        CHECK_FALSE(is_admin_of(account("admin", {.cluster = "clu_a"}), {}));
        CHECK(is_admin_of(account("admin", {.cluster = "clu_a"}), instance_of_a));
        CHECK_FALSE(is_admin_of(account("manager"), instance_of_a));
    }
}
