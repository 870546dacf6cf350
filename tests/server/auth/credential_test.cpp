#include "server/auth/credential.hpp"

#include <doctest/doctest.h>

#include "server/auth/permission.hpp"

namespace sillage::server {

TEST_SUITE("auth/credential") {
    TEST_CASE("TM47: the operator is an administrator whose id has the system's name") {
        const Account account = operator_account("ana");

        CHECK(account.id == "operator:ana");
        CHECK(is_admin_of(account, Scope{}));
    }
}

}  // namespace sillage::server
