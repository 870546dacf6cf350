#include "server/routes/login_desk.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

/// A link of an account named so, without the host.
std::string link_of(World& world, const std::string& account) {
    const std::string url = world.post("/v1/accounts/" + account + "/links", "").text_at("/url");
    CHECK(url.starts_with("https://sillage.example.org/login/"));
    return url.substr(url.find("/login/"));
}

Reply follow(World& world, const std::string& path, const std::string& site = "same-origin") {
    return world.ask({.method = "POST",
                      .path = path,
                      .as = "",
                      .headers = {{"Sec-Fetch-Site", site}, {"Host", "evil.example"}}});
}

}  // namespace

TEST_SUITE("routes/login") {
    TEST_CASE("TM38: looking at a link uses nothing up, the button on its page does") {
        World world;
        const std::string link = link_of(world, world.account("<i>Ana</i>", "[]"));

        CHECK(world.get(link, "").status == 200);
        const Reply page = world.get(link, "");
        const Reply first = follow(world, link);

        CHECK(page.text.find("You are &lt;i&gt;Ana&lt;/i&gt;.") != std::string::npos);
        CHECK(page.header("Set-Cookie").empty());
        CHECK(first.status == 303);
        CHECK(first.header("Location") == "/");
        CHECK(first.header("Set-Cookie").starts_with("__Host-sillage=acc_"));
        CHECK(follow(world, link).status == 404);
        CHECK(world.get(link, "").status == 404);
        CHECK(world.get(link, "").text.find("<a href=\"/login\">Ask for another one</a>") !=
              std::string::npos);
    }

    TEST_CASE("TM38: a link is over after a quarter of an hour, and another code is none") {
        World world;
        const std::string link = link_of(world, world.account("ana", "[]"));
        CHECK(follow(world, link + "x").status == 404);
        CHECK(follow(world, "/login/acc_none.x").status == 404);

        world.now = world.now + Duration{15 * 60'000};

        CHECK(follow(world, link).status == 404);
    }

    TEST_CASE("TM17: another site cannot sign a browser in") {
        World world;
        const std::string link = link_of(world, world.account("ana", "[]"));

        CHECK(follow(world, link, "cross-site").status == 403);
        CHECK(follow(world, link).status == 303);
    }

    TEST_CASE("TM9: whoever asks for a link learns nothing of who has an account") {
        World world;
        std::vector<std::string> asked;
        world.services.login->mail_link = [&](const std::string& email) { asked.push_back(email); };
        const auto made = world.post("/v1/accounts", R"({"name":"Ana","email":"ana@example.org"})");
        REQUIRE(made.status == 201);

        const Reply known = world.post("/v1/login", R"({"email":"Ana@Example.org"})", "");
        const Reply unknown = world.post("/v1/login", R"({"email":"bob@example.org"})", "");

        CHECK(known.status == 202);
        CHECK(unknown.status == 202);
        CHECK(known.text == unknown.text);
        CHECK(known.headers == unknown.headers);
        CHECK(asked == std::vector<std::string>{"ana@example.org", "bob@example.org"});
        CHECK(world.post("/v1/login", "{}", "").status == 400);
    }

    TEST_CASE("TM9: links are asked for a few times for an account, and from an address") {
        World world;
        std::size_t count = 0;
        world.services.login->mail_link = [&](const std::string&) { ++count; };
        for (int time = 0; time < 10; ++time) {
            CHECK(world.post("/v1/login", R"({"email":"ana@example.org"})", "").status == 202);
        }
        CHECK(count == 5);

        int refused = 0;
        for (int other = 0; other < 100; ++other) {
            const std::string body = R"({"email":"a)" + std::to_string(other) + R"(@example.org"})";
            refused += world.post("/v1/login", body, "").status == 429 ? 1 : 0;
        }
        CHECK(refused == 60);
    }

    TEST_CASE("who may not make an account's tokens makes no link of it either") {
        World world;
        const std::string admin = world.account("boss", R"([{"role":"admin"}])");
        world.account("manager", R"([{"role":"manager"}])");
        world.account("mentor", R"([{"role":"mentor"}])");
        const std::string path = "/v1/accounts/" + admin + "/links";

        CHECK(world.post(path, "", "manager").status == 404);
        CHECK(world.post(path, "", "mentor").status == 403);
        CHECK(world.post(path, "", "").status == 401);
    }
}
