#include "server/auth/login_book.hpp"
#include "server/routes/login_session.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Ask;
using test::Reply;
using test::World;

namespace {

/// Signs in by a link, as a browser that has those cookies; gives what it then sends.
std::string signed_in(World& world, const std::string& account, const std::string& cookies = "") {
    const std::string url = world.post("/v1/accounts/" + account + "/links", "").text_at("/url");
    const Reply reply = world.ask({.method = "POST",
                                   .path = url.substr(url.find("/login/")),
                                   .as = "",
                                   .headers = {{"Cookie", cookies}}});
    CHECK(reply.status == 303);
    const std::string cookie = reply.header("Set-Cookie");
    return cookie.substr(0, cookie.find(';'));
}

Reply ask_as(World& world, const std::string& cookie, Ask ask) {
    ask.as = "";
    ask.headers.push_back({"Cookie", cookie});
    ask.headers.push_back({"Sec-Fetch-Site", "same-origin"});
    return world.ask(ask);
}

int status_of_me(World& world, const std::string& cookie) {
    return ask_as(world, cookie, {.path = "/v1/me"}).status;
}

void advance(World& world, std::int64_t minutes) {
    world.now = world.now + Duration{minutes * 60'000};
}

}  // namespace

TEST_SUITE("routes/sessions") {
    TEST_CASE("TM8: a login gives a new session, whatever the browser brought") {
        World world;
        const std::string ana = world.account("ana", R"([{"role":"mentor"}])");

        const std::string first = signed_in(world, ana);
        const std::string second = signed_in(world, ana, first);
        const std::string planted = signed_in(world, ana, "__Host-sillage=" + ana + ".planted");

        CHECK(first != second);
        CHECK(planted.find("planted") == std::string::npos);
        CHECK(status_of_me(world, first) == 401);
        CHECK(status_of_me(world, second) == 200);
    }

    TEST_CASE("TM8: a session ends when idle, and after half a day in any case") {
        World world;
        const std::string ana = world.account("ana", "[]");
        const std::string idle = signed_in(world, ana);
        advance(world, 29);
        CHECK(status_of_me(world, idle) == 200);
        advance(world, 29);
        CHECK(status_of_me(world, idle) == 200);
        advance(world, 30);
        CHECK(status_of_me(world, idle) == 401);

        const std::string busy = signed_in(world, ana);
        for (int count = 0; count < 35; ++count) {
            advance(world, 20);
            CHECK(status_of_me(world, busy) == 200);
        }
        advance(world, 20);
        CHECK(status_of_me(world, busy) == 401);
    }

    TEST_CASE("TM8: other roles end the sessions that were there") {
        World world;
        const std::string ana = world.account("ana", R"([{"role":"mentor"}])");
        const std::string cookie = signed_in(world, ana);
        CHECK(world.patch("/v1/accounts/" + ana, R"({"name":"Anna"})").status == 200);
        CHECK(status_of_me(world, cookie) == 200);

        CHECK(world.patch("/v1/accounts/" + ana, R"({"roles":[{"role":"auditor"}]})").status ==
              200);

        CHECK(status_of_me(world, cookie) == 401);
        CHECK(status_of_me(world, signed_in(world, ana)) == 200);
    }

    TEST_CASE("TM8: each sees and ends its own sessions") {
        World world;
        const std::string ana = world.account("ana", "[]");
        const std::string here = signed_in(world, ana);
        const std::string elsewhere = signed_in(world, ana);
        const std::string other = signed_in(world, world.account("bob", "[]"));

        const Reply list = ask_as(world, here, {.path = "/v1/me/sessions"});
        const std::string id = list.text_at("/items/1/id");
        const auto end = [&](const std::string& cookie) {
            return ask_as(world, cookie, {.method = "DELETE", .path = "/v1/me/sessions/" + id})
                .status;
        };

        CHECK(list.text_at("/items/0/current") == "true");
        CHECK(list.text_at("/items/1/current") == "false");
        CHECK(list.text_at("/items/0/expires_at") == "2027-01-01T00:30:00.000Z");
        CHECK(list.text.find(here.substr(here.find('.') + 1)) == std::string::npos);
        CHECK(end(other) == 404);
        CHECK(end(here) == 204);
        CHECK(end(here) == 404);
        CHECK(status_of_me(world, elsewhere) == 401);
        CHECK(status_of_me(world, here) == 200);
    }

    TEST_CASE("signing out ends the session and has the browser forget it") {
        World world;
        const std::string cookie = signed_in(world, world.account("ana", "[]"));

        const Reply reply = ask_as(world, cookie, {.method = "POST", .path = "/v1/logout"});

        CHECK(reply.status == 204);
        CHECK(reply.header("Set-Cookie").find("Max-Age=0") != std::string::npos);
        CHECK(status_of_me(world, cookie) == 401);
    }

    TEST_CASE("a browser that signs out is sent on to where one signs in") {
        World world;
        const std::string ana = world.account("ana", "[]");
        const Ask form{.method = "POST",
                       .path = "/v1/logout",
                       .headers = {{"Content-Type", "application/x-www-form-urlencoded"}}};
        const Ask page{.method = "POST",
                       .path = "/v1/logout",
                       .headers = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}}};

        for (const Ask& ask : {form, page}) {
            const std::string cookie = signed_in(world, ana);
            const Reply reply = ask_as(world, cookie, ask);
            CHECK(reply.status == 303);
            CHECK(reply.header("Location") == "/login");
            CHECK(reply.header("Set-Cookie").find("Max-Age=0") != std::string::npos);
            CHECK(status_of_me(world, cookie) == 401);
        }
    }

    TEST_CASE("TM17: a cookie alone changes nothing, and a token goes before it") {
        World world;
        const std::string ana = world.account("ana", R"([{"role":"admin"}])");
        world.account("bob", "[]");
        const std::string cookie = signed_in(world, ana);
        const Ask foreign{.method = "POST",
                          .path = "/v1/clusters",
                          .as = "",
                          .body = R"({"name":"X","country":"FR"})",
                          .headers = {{"Cookie", cookie}, {"Sec-Fetch-Site", "cross-site"}}};
        Ask with_token = foreign;
        with_token.as = "bob";

        CHECK(world.ask(foreign).status == 403);
        CHECK(world.get("/v1/clusters").at("/items").as_array().empty());
        CHECK(
            ask_as(world, cookie, {.method = "POST", .path = "/v1/clusters", .body = foreign.body})
                .status == 201);
        CHECK(world.ask({.path = "/v1/me", .as = "bob", .headers = {{"Cookie", cookie}}})
                  .text_at("/name") == "bob");
        CHECK(world.ask(with_token).text.find("Your account has no role") != std::string::npos);
    }
}
