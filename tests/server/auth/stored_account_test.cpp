#include "server/auth/stored_account.hpp"

#include "server/auth/token.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::ok;
using test::World;

namespace {

bool is_known(World& world, const std::string& id) {
    const auto account =
        ok(world.runtime.read([&](Reader& reader) { return account_with_id(reader, id); }));
    CHECK((!account || account->id == id));
    return account.has_value();
}

}  // namespace

TEST_SUITE("auth/stored_account") {
    TEST_CASE("TM7: the built-in administrator is nobody while it has no token") {
        World world;
        const std::string admin = built_in_admin().id;
        ok(note_admin_token(world.store, true));
        CHECK(is_known(world, admin));

        ok(note_admin_token(world.store, false));
        CHECK_FALSE(is_known(world, admin));
        ok(note_admin_token(world.store, true));
        CHECK(is_known(world, admin));
    }

    TEST_CASE("operators and accounts are known whatever the administrator has") {
        World world;
        const std::string mia = world.account("mia", "[]");
        ok(note_admin_token(world.store, false));

        CHECK(is_known(world, "operator:ada"));
        CHECK(is_known(world, mia));
        CHECK_FALSE(is_known(world, "acc_0"));
    }
}
