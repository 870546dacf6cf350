#include "server/auth/id_token.hpp"

#include <doctest/doctest.h>

#include <array>

#include "engine/base/json.hpp"
#include "server/auth/base64url.hpp"
#include "tests/server/auth/signer.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

namespace json = boost::json;
using test::error_of;
using test::ok;
using test::Signer;

constexpr std::int64_t now_s = 1'800'000'000;

json::object good_claims() {
    return {{"iss", "https://i.example"}, {"aud", "client"},       {"sub", "person-1"},
            {"exp", now_s + 300},         {"iat", now_s},          {"nonce", "the-nonce"},
            {"email", "Ana@A.example"},   {"email_verified", true}};
}

/// A provider with a key of each kind.
struct Issuer {
    Signer rsa{SignatureAlgorithm::rs256, "rsa"};
    Signer ec{SignatureAlgorithm::es256, "ec"};
    Signer ed{SignatureAlgorithm::eddsa, "ed"};
    KeySet keys = ok(KeySet::read(test::key_set_of(rsa.jwk() + "," + ec.jwk() + "," + ed.jwk())));

    [[nodiscard]] Result<Identity> verify(std::string_view token) const {
        return verify_id_token(token, keys,
                               {.issuer = "https://i.example",
                                .client_id = "client",
                                .nonce = "the-nonce",
                                .now = Instant{now_s * 1000}});
    }
    /// Of a token with that header, or with those claims, signed by the Ed25519 key.
    [[nodiscard]] bool takes(const std::string& header) const {
        return verify(ed.sign(header, to_json_text(good_claims()))).has_value();
    }
    [[nodiscard]] bool takes(const json::object& claims) const {
        return verify(ed.sign(ed.header(), to_json_text(claims))).has_value();
    }
    /// Of the good claims with one member that differs; null: without it.
    [[nodiscard]] bool takes(std::string_view name, const json::value& value) const {
        json::object claims = good_claims();
        if (value.is_null()) {
            claims.erase(name);
        } else {
            claims[name] = value;
        }
        return takes(claims);
    }
};

const Issuer& issuer() {
    static const Issuer one;
    return one;
}

}  // namespace

TEST_SUITE("auth/id_token") {
    TEST_CASE("a token by each kind of key says who signed in") {
        const Issuer& i = issuer();
        for (const Signer* signer : {&i.rsa, &i.ec, &i.ed}) {
            const std::string token = signer->sign(signer->header(), to_json_text(good_claims()));

            CHECK(ok(i.verify(token)) == Identity{.issuer = "https://i.example",
                                                  .subject = "person-1",
                                                  .email = "ana@a.example"});
        }
        CHECK(kid_of(i.ec.sign(i.ec.header(), "{}")) == "ec");
        CHECK(kid_of("x.y.z") == std::nullopt);
    }

    TEST_CASE("TM5: no token that was changed or cut anywhere is taken") {
        const Issuer& i = issuer();
        std::size_t variants = 0;
        for (const Signer* signer : {&i.rsa, &i.ec, &i.ed}) {
            const std::string token = signer->sign(signer->header(), to_json_text(good_claims()));
            for (std::size_t at = 0; at < token.size(); ++at) {
                std::string changed = token;
                changed[at] = token[at] == 'A' ? 'B' : 'A';
                CHECK_FALSE(i.verify(changed).has_value());
                CHECK_FALSE(i.verify(token.substr(0, at)).has_value());
                CHECK_FALSE(i.verify(token.substr(0, at) + token.substr(at + 1)).has_value());
                variants += 3;
            }
            for (const std::string more : {"A", "=", ".", " ", ".A"}) {
                CHECK_FALSE(i.verify(token + more).has_value());
                CHECK_FALSE(i.verify(more + token).has_value());
            }
        }
        CHECK(variants > 410);
    }

    TEST_CASE("TM5: no header chooses how its token is verified") {
        const Issuer& i = issuer();
        CHECK(i.takes(std::string(R"({"alg":"EdDSA"})")));
        CHECK(i.takes(std::string(R"({"alg":"EdDSA","kid":"ed","typ":"jwt"})")));
        const std::array<std::string, 21> headers{
            R"({"alg":"none"})",
            R"({"alg":"None","kid":"ed"})",
            R"({"alg":"HS256","kid":"ed"})",
            R"({"alg":"HS256","kid":"rsa"})",
            R"({"alg":"RS256","kid":"ed"})",
            R"({"alg":"ES256","kid":"ed"})",
            R"({"alg":"EdDSA","kid":"ec"})",
            R"({"alg":"EdDSA","kid":"unknown"})",
            R"({"alg":"EdDSA","kid":"../../dev/null"})",
            R"({"alg":"EdDSA","kid":"x' UNION SELECT 'key"})",
            R"({"alg":"EdDSA","kid":1})",
            R"({"alg":"EdDSA","kid":"ed","jku":"https://e.example/keys"})",
            R"({"alg":"EdDSA","kid":"ed","x5u":"https://e.example/cert"})",
            R"({"alg":"EdDSA","kid":"ed","x5c":["AAAA"]})",
            R"({"alg":"EdDSA","kid":"ed","crit":["exp"]})",
            R"({"alg":"EdDSA","kid":"ed","b64":false,"crit":["b64"]})",
            R"({"alg":"EdDSA","kid":"ed","typ":"at+jwt"})",
            R"({"alg":["EdDSA"],"kid":"ed"})",
            R"({"kid":"ed"})",
            R"({"alg":"EdDSA","alg":"none","kid":"ed"})",
            R"(["EdDSA"])"};
        for (const std::string& header : headers) {
            CAPTURE(header);
            CHECK_FALSE(i.takes(header));
        }
        const Signer stranger(SignatureAlgorithm::eddsa, "ed");
        CHECK_FALSE(i.takes(R"({"alg":"EdDSA","jwk":)" + stranger.jwk() + "}"));
        CHECK_FALSE(
            i.verify(stranger.sign(stranger.header(), to_json_text(good_claims()))).has_value());
    }

    TEST_CASE("TM5: a token without a signature is none, however it is written") {
        const std::string body = "." + to_base64url(to_json_text(good_claims())) + ".";
        for (const std::string_view header :
             {R"({"alg":"none"})", R"({"alg":"EdDSA"})", R"({"alg":"RS256","kid":"rsa"})"}) {
            CHECK_FALSE(issuer().verify(to_base64url(header) + body).has_value());
            CHECK_FALSE(issuer().verify(to_base64url(header) + body + "AAAA").has_value());
        }
        CHECK_FALSE(issuer().verify("").has_value());
        CHECK_FALSE(issuer().verify(std::string(id_token_bytes_max + 1, '.')).has_value());
    }

    TEST_CASE("TM5: another issuer, audience, party or nonce is refused") {
        const Issuer& i = issuer();
        CHECK(i.takes(good_claims()));
        CHECK(i.takes("aud", json::array{"client"}));
        CHECK(i.takes("azp", "client"));
        for (const json::value& wrong :
             {json::value(nullptr), json::value("https://i.example/"), json::value("https://e"),
              json::value(1), json::value(json::array{"https://i.example"})}) {
            CHECK_FALSE(i.takes("iss", wrong));
        }
        for (const json::value& wrong :
             {json::value(nullptr), json::value("other"), json::value("client2"),
              json::value(json::array{}), json::value(json::array{"other"}),
              json::value(json::array{"client", "other"}), json::value(true)}) {
            CHECK_FALSE(i.takes("aud", wrong));
        }
        CHECK_FALSE(i.takes("azp", "other"));
        json::object shared = good_claims();
        shared["aud"] = json::array{"client", "other"};
        shared["azp"] = "client";
        CHECK(i.takes(shared));
        shared["azp"] = "other";
        CHECK_FALSE(i.takes(shared));
        for (const json::value& wrong :
             {json::value(nullptr), json::value(""), json::value("the-nonce "), json::value(1)}) {
            CHECK_FALSE(i.takes("nonce", wrong));
        }
    }

    TEST_CASE("TM5: a token is good in its time, give or take a minute") {
        const Issuer& i = issuer();
        CHECK(i.takes("exp", now_s - 59));
        CHECK_FALSE(i.takes("exp", now_s - 60));
        CHECK(i.takes("iat", now_s + 60));
        CHECK_FALSE(i.takes("iat", now_s + 61));
        CHECK(i.takes("nbf", now_s + 60));
        CHECK_FALSE(i.takes("nbf", now_s + 61));
        CHECK(i.takes("exp", static_cast<double>(now_s) + 0.5));
        for (const std::string_view name : {"exp", "iat"}) {
            CHECK_FALSE(i.takes(name, nullptr));
            CHECK_FALSE(i.takes(name, "1800000300"));
            CHECK_FALSE(i.takes(name, -1));
            CHECK_FALSE(i.takes(name, 1e300));
        }
        CHECK_FALSE(i.takes("nbf", "soon"));
    }

    TEST_CASE("only an address that the provider has verified is one") {
        const Issuer& i = issuer();
        const auto email_with = [&](const json::value& verified) {
            json::object claims = good_claims();
            claims["email_verified"] = verified;
            return ok(i.verify(i.ed.sign(i.ed.header(), to_json_text(claims)))).email;
        };

        CHECK(email_with(true) == "ana@a.example");
        CHECK(email_with(false).empty());
        CHECK(email_with("true").empty());
        CHECK(email_with(1).empty());
        CHECK_FALSE(i.takes("sub", ""));
        CHECK_FALSE(i.takes("sub", nullptr));
        CHECK_FALSE(i.takes("sub", json::value(std::string(256, 'x'))));
        CHECK_FALSE(i.takes("sub", "a\nb"));
    }
}

}  // namespace sillage::server
