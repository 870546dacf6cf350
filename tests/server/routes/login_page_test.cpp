#include "server/routes/login_desk.hpp"
#include "server/routes/provider.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Ask;
using test::Reply;
using test::World;

namespace {

constexpr auto form_type = "application/x-www-form-urlencoded";

bool has(const Reply& reply, std::string_view text) {
    return reply.text.find(text) != std::string::npos;
}

/// A world whose server sends mail; what it was to send.
struct Mailing {
    Mailing() {
        world.services.login->mail_link = [this](const std::string& email) {
            mailed.push_back(email);
        };
    }
    Reply send(const std::string& body, const std::string& site = "same-origin") {
        return world.ask({.method = "POST",
                          .path = "/login",
                          .as = "",
                          .body = body,
                          .headers = {{"Sec-Fetch-Site", site}},
                          .content_type = form_type});
    }

    World world;
    std::vector<std::string> mailed;
};

/// What a browser sends from then on that was signed in as a new account of that name.
std::string signed_in(World& world, const std::string& name) {
    const std::string account = world.account(name, "[]");
    const std::string url = world.post("/v1/accounts/" + account + "/links", "").text_at("/url");
    const Reply reply =
        world.ask({.method = "POST", .path = url.substr(url.find("/login/")), .as = ""});
    const std::string cookie = reply.header("Set-Cookie");
    return cookie.substr(0, cookie.find(';'));
}

Reply look(World& world, const std::string& path, const std::string& cookie) {
    return world.ask({.path = path, .as = "", .headers = {{"Cookie", cookie}}});
}

}  // namespace

TEST_SUITE("routes/login_page") {
    TEST_CASE("whoever is not signed in finds the form, its field labelled and described") {
        Mailing mailing;

        const Reply page = mailing.world.get("/login", "");

        CHECK(page.status == 200);
        CHECK(page.header("Cache-Control") == "no-store");
        CHECK(has(page, R"(<form method="post" action="/login">)"));
        CHECK(has(page, R"(<label for="email">E-mail address</label>)"));
        CHECK(has(page, R"(<input id="email" name="email" type="email" autocomplete="email")"));
        CHECK(has(page, R"(aria-invalid="false" aria-describedby="email-words")"));
        CHECK(has(page, R"(<p id="email-words" class="aside">)"));
        CHECK(has(page, "<code>sillage account link</code>"));
        CHECK(!has(page, "/login/oidc"));
        CHECK(!has(page, "<script"));
        CHECK(mailing.world.get("/login?return_to=/docs", "").status == 400);
    }

    TEST_CASE("a provider is offered by the name of its host, where there is one") {
        Mailing mailing;
        server::ProviderSettings settings;
        settings.issuer = "https://login.example.org/realms/one";
        mailing.world.services.login->provider =
            std::make_shared<server::Provider>(settings, nullptr, nullptr);

        const Reply page = mailing.world.get("/login", "");

        CHECK(has(page, R"(<a href="/login/oidc" class="button second">)"
                        "Sign in with login.example.org</a>"));
    }

    TEST_CASE("a server that sends no mail promises none, and says who can help") {
        World world;

        const Reply page = world.get("/login", "");
        const Reply answer = world.ask({.method = "POST",
                                        .path = "/login",
                                        .as = "",
                                        .body = "email=ana%40example.org",
                                        .content_type = form_type});

        CHECK(!has(page, "<form"));
        CHECK(has(page, "This server sends no mail"));
        CHECK(has(page, "<code>sillage account link</code>"));
        CHECK(answer.status == 200);
        CHECK(answer.text == page.text);
    }

    TEST_CASE(
        "TM9: the form has a link mailed, and its answer tells nothing of who has an account") {
        Mailing mailing;
        const auto made =
            mailing.world.post("/v1/accounts", R"({"name":"Ana","email":"ana@example.org"})");
        REQUIRE(made.status == 201);

        const Reply known = mailing.send("email=Ana%40Example.org");
        const Reply unknown = mailing.send("email=bob%2Bhome%40example.org");

        CHECK(known.status == 200);
        CHECK(has(known,
                  "If an account has this address, a link is on its way. "
                  "It works once, for 15 minutes."));
        CHECK(known.header("Cache-Control") == "no-store");
        CHECK(known.text == unknown.text);
        CHECK(known.headers == unknown.headers);
        CHECK(mailing.mailed ==
              std::vector<std::string>{"ana@example.org", "bob+home@example.org"});
    }

    TEST_CASE("TM16: what is no address stands in the form again, as text, with what is wrong") {
        Mailing mailing;

        const Reply wrong = mailing.send("email=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");

        CHECK(wrong.status == 422);
        CHECK(has(wrong, "value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""));
        CHECK(!has(wrong, "<script"));
        CHECK(has(wrong, R"(<p id="email-words" class="error">This is no e-mail address)"));
        CHECK(has(wrong, R"(aria-invalid="true" aria-describedby="email-words")"));
        for (const auto* body : {"email=", "email"}) {
            CAPTURE(body);
            CHECK(mailing.send(body).status == 422);
            CHECK(has(mailing.send(body), "Type your e-mail address."));
        }
        for (const auto* body : {"email=ana", "email=a%40b.example%0D%0ABcc%3A+e%40e.example",
                                 "email=a%40b.example%2Cc%40d.example"}) {
            CAPTURE(body);
            CHECK(mailing.send(body).status == 422);
        }
        CHECK(mailing.send("email=" + std::string(300, 'a') + "%40b.example").status == 422);
        CHECK(mailing.mailed.empty());
    }

    TEST_CASE("what is not this form is refused, and mails nothing") {
        Mailing mailing;
        const Ask as_json{
            .method = "POST", .path = "/login", .as = "", .body = R"({"email":"ana@example.org"})"};

        CHECK(mailing.world.ask(as_json).status == 415);
        CHECK(mailing.send("email=a%40b.example&name=Ana").status == 400);
        CHECK(mailing.send("email=a%40b.example&email=c%40d.example").status == 400);
        CHECK(mailing.send("email=%zz").status == 400);
        CHECK(mailing.send("email=" + std::string(5'000, 'a')).status == 413);
        CHECK(mailing.mailed.empty());
    }

    TEST_CASE("TM17: a form of another site has no link mailed") {
        Mailing mailing;

        CHECK(mailing.send("email=ana%40example.org", "cross-site").status == 403);
        CHECK(mailing.mailed.empty());
        CHECK(mailing.send("email=ana%40example.org").status == 200);
    }

    TEST_CASE("TM9: form and API share what may be asked for from an address") {
        Mailing mailing;
        const auto asks = static_cast<int>(server::links_per_peer.requests);
        for (int count = 0; count < asks - 1; ++count) {
            mailing.world.post("/v1/login", R"({"email":"ana@example.org"})", "");
        }
        CHECK(mailing.send("email=bob%40example.org").status == 200);

        const Reply refused = mailing.send("email=eve%40example.org");

        CHECK(refused.status == 429);
        CHECK(refused.header("Retry-After") == "900");
        CHECK(has(refused, "wait a quarter of an hour"));
        CHECK(mailing.mailed.size() == 6);  // five of Ana's
    }

    TEST_CASE("TM16: whoever is signed in is told so by name, and may sign out") {
        World world;
        const std::string cookie = signed_in(world, "<i>Ana</i>");

        for (const auto* path : {"/login", "/"}) {
            CAPTURE(path);
            const Reply page = look(world, path, cookie);
            CHECK(page.status == 200);
            CHECK(has(page, "You are signed in as &lt;i&gt;Ana&lt;/i&gt;."));
            CHECK(has(page, R"(<form method="post" action="/v1/logout">)"));
            CHECK(!has(page, "href=\"/login\""));
        }
    }

    TEST_CASE("the front page leads to the login whoever is not signed in, or no more") {
        World world;
        const std::string cookie = signed_in(world, "ana");
        world.now = world.now + Duration{31 * 60'000};

        for (const std::string& sent :
             {std::string(), cookie, std::string("__Host-sillage=acc_none.x")}) {
            CAPTURE(sent);
            const Reply page = look(world, "/", sent);
            CHECK(page.status == 200);
            CHECK(has(page, R"(<a href="/login" class="button">Sign in</a>)"));
            CHECK(!has(page, "Sign out"));
            CHECK(has(look(world, "/login", sent), "Sign in to Sillage"));
        }
    }
}
