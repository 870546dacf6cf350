#include "server/routes/provider.hpp"

#include <doctest/doctest.h>

#include "engine/base/json.hpp"
#include "tests/server/auth/signer.hpp"
#include "tests/support/await.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

using test::await;
using test::error_of;
using test::ok;
using test::Signer;

constexpr Instant now{1'800'000'000'000};

/// A provider that answers as it is told, and what it was asked.
struct Told {
    std::string issuer = "https://i.example";
    std::string token_endpoint = "https://i.example/token";
    bool names_issuer = true;
    int token_status = 200;
    std::string nonce = {};
    std::shared_ptr<Signer> key = std::make_shared<Signer>(SignatureAlgorithm::eddsa, "k1");
    std::vector<FetchRequest> asked = {};

    Fetched answer(const FetchRequest& request) {
        asked.push_back(request);
        if (request.url == "https://i.example/.well-known/openid-configuration") {
            const boost::json::object metadata{
                {"issuer", issuer},
                {"authorization_endpoint", "https://i.example/auth"},
                {"token_endpoint", token_endpoint},
                {"jwks_uri", "https://i.example/keys"},
                {"authorization_response_iss_parameter_supported", names_issuer}};
            return {200, to_json_text(metadata)};
        }
        if (request.url == "https://i.example/keys") {
            return {200, test::key_set_of(key->jwk())};
        }
        const boost::json::object claims{
            {"iss", "https://i.example"}, {"aud", "client"},      {"sub", "person"},
            {"exp", 1'800'000'300},       {"iat", 1'800'000'000}, {"nonce", nonce}};
        return {token_status,
                R"({"id_token":")" + key->sign(key->header(), to_json_text(claims)) + R"("})"};
    }
    [[nodiscard]] std::size_t count(std::string_view url) const {
        std::size_t found = 0;
        for (const FetchRequest& request : asked) {
            found += request.url == url ? 1U : 0U;
        }
        return found;
    }
};

net::awaitable<Result<Fetched>> answered(Told* told, FetchRequest request) {
    co_return told->answer(request);
}

struct Fixture {
    Told told;
    std::uint8_t chance = 0;
    Provider provider{
        {.issuer = "https://i.example",
         .client_id = "client",
         .client_secret = "s:1",
         .redirect_uri = "https://a.example/login/oidc/callback"},
        [this](FetchRequest request) { return answered(&told, std::move(request)); },
        [this](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, ++chance); }};

    /// A login that was begun, and whose nonce the provider then names.
    std::string begin(const std::string& return_to = "/", Instant at = now) {
        const BegunLogin begun = ok(await(provider.begin(return_to, at)));
        const std::size_t start = begun.url.find("&nonce=") + 7;
        told.nonce = begun.url.substr(start, begun.url.find('&', start) - start);
        return begun.state;
    }
    Result<FinishedLogin> finish(const std::string& state,
                                 std::optional<std::string> issuer = "https://i.example",
                                 Instant at = now) {
        return await(provider.finish(
            ReturnedLogin{.state = state, .code = "the code", .issuer = std::move(issuer)}, at));
    }
};

}  // namespace

TEST_SUITE("routes/provider") {
    TEST_CASE("a login says who signed in and where they wanted to go") {
        Fixture fixture;

        const FinishedLogin login = ok(fixture.finish(fixture.begin("/v1/me")));

        CHECK(login.identity.subject == "person");
        CHECK(login.return_to == "/v1/me");
        const FetchRequest& exchange = fixture.told.asked[1];
        CHECK(exchange.url == "https://i.example/token");
        CHECK(exchange.body.find("&code=the%20code&") != std::string::npos);
        CHECK(
            exchange.body.find("redirect_uri=https%3A%2F%2Fa.example%2Flogin%2Foidc%2Fcallback") !=
            std::string::npos);
        CHECK(exchange.headers.back() == "Authorization: Basic Y2xpZW50OnMlM0Ex");
    }

    TEST_CASE("people know a provider by its host") {
        const auto host_of = [](std::string issuer) {
            return Provider({.issuer = std::move(issuer)}, nullptr, nullptr).host();
        };

        CHECK(host_of("https://login.example.org") == "login.example.org");
        CHECK(host_of("http://127.0.0.1:8081/realms/one/") == "127.0.0.1:8081");
    }

    TEST_CASE("the challenge is the verifier's, as RFC 7636 has it") {
        Fixture fixture;
        const std::string url = ok(await(fixture.provider.begin("/", now))).url;

        CHECK(url.starts_with("https://i.example/auth?response_type=code&scope=openid%20email&"));
        CHECK(url.ends_with("&code_challenge_method=S256"));
        CHECK(url.find("&code_challenge=") != std::string::npos);
    }

    TEST_CASE("TM6: a state is good once, for ten minutes, and another is none") {
        Fixture fixture;
        const std::string state = fixture.begin();
        CHECK(error_of(fixture.finish("other")).code == ErrorCode::unauthenticated);
        ok(fixture.finish(state));
        CHECK(error_of(fixture.finish(state)).code == ErrorCode::unauthenticated);

        const std::string late = fixture.begin();
        CHECK(error_of(fixture.finish(late, "https://i.example", now + login_life)).code ==
              ErrorCode::unauthenticated);
    }

    TEST_CASE("TM6: an answer of another issuer, or without one that names itself, is refused") {
        Fixture fixture;
        CHECK_FALSE(fixture.finish(fixture.begin(), "https://e.example").has_value());
        CHECK_FALSE(fixture.finish(fixture.begin(), std::nullopt).has_value());

        Fixture silent;
        silent.told.names_issuer = false;
        CHECK(silent.finish(silent.begin(), std::nullopt).has_value());
        CHECK_FALSE(silent.finish(silent.begin(), "https://e.example").has_value());
    }

    TEST_CASE("TM6: a code that the provider does not take, or another nonce, signs nobody in") {
        Fixture fixture;
        const std::string state = fixture.begin();
        fixture.told.nonce = "another";
        CHECK(error_of(fixture.finish(state)).code == ErrorCode::unauthenticated);

        const std::string refused = fixture.begin();
        fixture.told.token_status = 400;
        CHECK(error_of(fixture.finish(refused)).code == ErrorCode::unauthenticated);
        const std::string broken = fixture.begin();
        fixture.told.token_status = 500;
        CHECK(error_of(fixture.finish(broken)).code == ErrorCode::unavailable);
    }

    TEST_CASE("a provider that says that it is another, or has an address in the clear, is none") {
        Fixture other;
        other.told.issuer = "https://e.example";
        CHECK(error_of(await(other.provider.begin("/", now))).code == ErrorCode::unavailable);
        Fixture plain;
        plain.told.token_endpoint = "http://i.example/token";
        CHECK(error_of(await(plain.provider.begin("/", now))).code == ErrorCode::unavailable);
    }

    TEST_CASE("TM5: keys are asked for anew when one is unknown, once a minute at most") {
        Fixture fixture;
        ok(fixture.finish(fixture.begin()));
        ok(fixture.finish(fixture.begin()));
        CHECK(fixture.told.count("https://i.example/keys") == 1);
        CHECK(fixture.told.count("https://i.example/.well-known/openid-configuration") == 1);
        fixture.told.key = std::make_shared<Signer>(SignatureAlgorithm::es256, "k2");

        CHECK_FALSE(fixture.finish(fixture.begin()).has_value());
        CHECK(fixture.told.count("https://i.example/keys") == 1);
        const Instant later = now + keys_pause;
        CHECK(fixture.finish(fixture.begin("/", later), "https://i.example", later).has_value());
        CHECK(fixture.told.count("https://i.example/keys") == 2);
    }

    TEST_CASE("TM6: a return path leads to a page of this server, or to the first one") {
        for (const std::string_view path : {"/", "/v1/me", "/a-b_c.d/e"}) {
            CHECK(is_return_path(path));
        }
        for (const std::string_view path :
             {"", "a", "//evil.example", "/\\evil.example", "https://evil.example", "/a//b",
              "/../a", "/a?b", "/a#b", "/a\r\nX: y", "/%2fevil.example", "/a@b"}) {
            CAPTURE(path);
            CHECK_FALSE(is_return_path(path));
        }
        Fixture fixture;
        CHECK(ok(fixture.finish(fixture.begin("//evil.example"))).return_to == "/");
    }
}

}  // namespace sillage::server
