#include "server/auth/delegation.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

namespace {

Delegation lent(std::vector<std::string> roles, Scope scope = {}) {
    return {.id = "dlg_1",
            .from = "acc_boss",
            .to = "acc_help",
            .roles = std::move(roles),
            .scope = std::move(scope),
            .starts_at = Instant{100},
            .ends_at = Instant{200},
            .reason = "holidays"};
}

const Account boss{.id = "acc_boss",
                   .bindings = {{.role = "admin"},
                                {.role = "manager", .scope = {.cluster = "clu_a"}},
                                {.role = "finance", .scope = {.cluster = "clu_a"}}}};
const Account help{
    .id = "acc_help", .name = "Help", .bindings = {{.role = "sme", .scope = {.company = "com_a"}}}};

}  // namespace

TEST_SUITE("auth/delegation") {
    TEST_CASE("a delegation is in force within its period until it is revoked") {
        Delegation delegation = lent({});

        CHECK_FALSE(is_in_force(delegation, Instant{99}));
        CHECK(is_in_force(delegation, Instant{100}));
        CHECK(is_in_force(delegation, Instant{199}));
        CHECK_FALSE(is_in_force(delegation, Instant{200}));
        delegation.revoked = true;
        CHECK_FALSE(is_in_force(delegation, Instant{150}));
    }

    TEST_CASE("the delegate has what was lent, and never an administrator's role") {
        const Account all = in_place_of(help, boss, lent({}));
        const Account some = in_place_of(help, boss, lent({"finance", "admin"}));

        CHECK(all.id == "acc_help");
        CHECK(all.on_behalf_of->id == "acc_boss");
        CHECK(all.on_behalf_of->reason == "holidays");
        CHECK(all.own_bindings == help.bindings);
        REQUIRE(all.bindings.size() == 2);
        CHECK(all.bindings[0].role == "manager");
        REQUIRE(some.bindings.size() == 1);
        CHECK(some.bindings[0].role == "finance");
    }

    TEST_CASE("what is lent is narrowed to where it is lent") {
        const Account cohort = in_place_of(help, boss, lent({"finance"}, {.cohort = "coh_a"}));
        const Account other = in_place_of(help, boss, lent({"finance"}, {.cluster = "clu_b"}));

        REQUIRE(cohort.bindings.size() == 1);
        CHECK(cohort.bindings[0].scope == Scope{.cluster = "clu_a", .cohort = "coh_a"});
        CHECK(other.bindings.empty());
    }
}
