#include "server/auth/token_scope.hpp"

#include <doctest/doctest.h>

namespace sillage::server {

TEST_SUITE("auth/token_scope") {
    TEST_CASE("what changes nothing needs to read, whatever it is about") {
        CHECK(scope_needed(Permission::write_account, true) == "read");
        CHECK(scope_needed(Permission::any_account, true) == "read");
        CHECK(scope_needed(Permission::read_instance, false) == "read");
    }

    TEST_CASE("what changes something needs the scope of that") {
        CHECK(scope_needed(Permission::act_on_instance, false) == "instances");
        CHECK(scope_needed(Permission::write_company, false) == "registry");
        CHECK(scope_needed(Permission::publish_workflow, false) == "workflows");
        CHECK(scope_needed(Permission::write_account, false) == "accounts");
        CHECK(scope_needed(Permission::any_account, false) == "accounts");
    }

    TEST_CASE("without scopes there is no limit, and nobody passes on more than it has") {
        CHECK(allows({}, "accounts"));
        CHECK(allows({"read", "accounts"}, "accounts"));
        CHECK_FALSE(allows({"read"}, "accounts"));
        CHECK(scope_beyond({}, {"accounts"}) == std::nullopt);
        CHECK(scope_beyond({"read"}, {"read"}) == std::nullopt);
        CHECK(scope_beyond({"read"}, {"read", "accounts"}) == "accounts");
    }
}

}  // namespace sillage::server
