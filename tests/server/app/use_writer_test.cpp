#include "server/app/use_writer.hpp"

#include "server/auth/token.hpp"
#include "tests/server/routes/world.hpp"
#include "tests/support/await.hpp"

using namespace sillage;
using namespace sillage::server;
using test::ok;
using test::World;

TEST_SUITE("app/use_writer") {
    TEST_CASE("what is due is written once, and a list shows it after a restart") {
        World world;
        const std::string id = world.account("ana", "[]");
        world.get("/v1/me", "ana");
        const auto write = [&] {
            return ok(test::await(write_due_uses(world.gate, *world.services.holders, world.now)));
        };

        CHECK(write() == 1);
        CHECK(write() == 0);

        const std::string path = "/v1/accounts/" + id + "/tokens";
        world.services.holders = std::make_unique<Holders>(token_hash(test::admin_token));
        CHECK(world.get(path).text_at("/items/0/last_used_at") == "2027-01-01T00:00:00.000Z");
        CHECK(write() == 0);
    }
}
