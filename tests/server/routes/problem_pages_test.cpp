#include "server/http/problem.hpp"
#include "server/routes/site.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::World;

TEST_SUITE("routes/problem_pages") {
    TEST_CASE("every kind of problem is told in plain words, as a page and as JSON") {
        World world;
        for (const Problem& kind : problems()) {
            CAPTURE(kind.code);
            const std::string path = "/problems/" + std::string(kind.code);
            world.services.site.emplace(
                path, site_page("text/html; charset=utf-8", std::string(kind.words)));
            const auto page = world.ask({.path = path, .as = ""});
            const auto data =
                world.ask({.path = path, .as = "", .headers = {{"Accept", "application/json"}}});

            CHECK(page.status == 200);
            CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
            CHECK(page.text.find(kind.words) != std::string::npos);
            CHECK(data.text_at("/code") == kind.code);
            CHECK(data.text_at("/words") == kind.words);
            CHECK(data.header("Vary") == "Accept");
        }
    }

    TEST_CASE("what is no problem has no page, and a page no third form") {
        World world;

        CHECK(world.ask({.path = "/problems/none", .as = ""}).status == 404);
        CHECK(world.ask({.path = "/problems/role", .as = "", .headers = {{"Accept", "image/png"}}})
                  .status == 406);
    }
}
