#include "server/auth/key_set.hpp"

#include <doctest/doctest.h>

#include <array>

#include "server/auth/base64url.hpp"
#include "tests/server/auth/signer.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

using test::key_set_of;
using test::ok;

/// A published signature: key, and header, payload and signature as they are sent.
struct Vector {
    std::string_view source;
    SignatureAlgorithm algorithm;
    std::string jwk;
    std::string signed_bytes;
    std::string signature;
};

const std::string payload_of_7515 =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ";

const std::array<Vector, 3>& vectors() {
    static const std::array<Vector, 3> all{{
        {"RFC 7515, A.2", SignatureAlgorithm::rs256,
         R"({"kty":"RSA","kid":"k","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9)"
         "k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_"
         "YpRPEwOWvG6b32690"
         "r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665"
         "xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs9"
         R"(1kzk2PAcDTW9gb54h4FRWyuXpoQ"})",
         "eyJhbGciOiJSUzI1NiJ9." + payload_of_7515,
         "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W"
         "2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkS"
         "jtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnv"
         "Wh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
        {"RFC 7515, A.3", SignatureAlgorithm::es256,
         R"({"kty":"EC","kid":"k","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
         R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
         "eyJhbGciOiJFUzI1NiJ9." + payload_of_7515,
         "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
        {"RFC 8037, A.4", SignatureAlgorithm::eddsa,
         R"({"kty":"OKP","kid":"k","crv":"Ed25519",)"
         R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
         "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
         "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"},
    }};
    return all;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::size_t size_of(const std::string& jwks) { return ok(KeySet::read(key_set_of(jwks))).size(); }

}  // namespace

TEST_SUITE("auth/key_set") {
    TEST_CASE("TM5: published signatures hold, and not for one bit more or less") {
        for (const Vector& vector : vectors()) {
            CAPTURE(vector.source);
            const KeySet set = ok(KeySet::read(key_set_of(vector.jwk)));
            const PublicKey* key = set.find("k", vector.algorithm);
            REQUIRE(key != nullptr);
            const std::string signature = from_base64url(vector.signature).value();
            CHECK(key->has_signed(vector.signed_bytes, signature));

            for (std::size_t at = 0; at < signature.size(); ++at) {
                std::string flipped = signature;
                flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
                CHECK_FALSE(key->has_signed(vector.signed_bytes, flipped));
                CHECK_FALSE(key->has_signed(vector.signed_bytes, signature.substr(0, at)));
            }
            for (std::size_t at = 0; at < vector.signed_bytes.size(); ++at) {
                std::string flipped = vector.signed_bytes;
                flipped[at] = static_cast<char>(flipped[at] ^ 1);
                CHECK_FALSE(key->has_signed(flipped, signature));
            }
            CHECK_FALSE(key->has_signed(vector.signed_bytes, signature + '\0'));
            CHECK_FALSE(key->has_signed(vector.signed_bytes, std::string(signature.size(), '\0')));
        }
    }

    TEST_CASE("TM5: a key is for one algorithm, whatever a token says") {
        for (const Vector& vector : vectors()) {
            const KeySet set = ok(KeySet::read(key_set_of(vector.jwk)));
            for (const Vector& other : vectors()) {
                const bool is_same = vector.algorithm == other.algorithm;
                CHECK((set.find("k", other.algorithm) != nullptr) == is_same);
                CHECK((set.find(std::nullopt, other.algorithm) != nullptr) == is_same);
            }
            CHECK(set.find("other", vector.algorithm) == nullptr);
        }
        for (const std::string_view name : {"none", "None", "HS256", "rs256", "RS512", "ES384",
                                            "PS256", "EDDSA", "Ed25519", ""}) {
            CHECK(algorithm_named(name) == std::nullopt);
        }
    }

    TEST_CASE("TM5: what is no key that signs is left out") {
        const auto& [rsa, ec, ed] = vectors();
        CHECK(size_of(rsa.jwk) + size_of(ec.jwk) + size_of(ed.jwk) == 3);
        const std::vector<std::string> wrong{
            replaced(rsa.jwk, "AQAB", "AQ"),
            replaced(rsa.jwk, "AQAB", ""),
            replaced(rsa.jwk, "AQAB", "AQAA"),
            replaced(rsa.jwk, "ofgWCuLjybRlzo0tZWJj", "ofgWCuLjybRlzo0tZWJj="),
            replaced(rsa.jwk, R"("kty":"RSA")", R"("kty":"RSA","use":"enc")"),
            replaced(rsa.jwk, R"("kty":"RSA")", R"("kty":"RSA","alg":"RS512")"),
            replaced(rsa.jwk, R"("kty":"RSA")", R"("kty":"RSA","alg":"HS256")"),
            replaced(rsa.jwk, R"("kty":"RSA")", R"("kty":"EC")"),
            R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0"})",
            replaced(ec.jwk, "f83OJ3D2xF1", "f83OJ3D2xF2"),
            replaced(ec.jwk, "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "f83O"),
            replaced(ec.jwk, "P-256", "P-384"),
            replaced(ec.jwk, "P-256", "secp256k1"),
            replaced(ed.jwk, "Ed25519", "Ed448"),
            replaced(ed.jwk, "Ed25519", "X25519"),
            replaced(ed.jwk, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "11qY"),
            R"({"kty":"oct","kid":"k","k":"AAAA"})",
            R"({"kty":"RSA","e":1,"n":[]})",
            "{}",
            "1",
            "null"};
        for (const std::string& jwk : wrong) {
            CAPTURE(jwk);
            CHECK(size_of(jwk) == 0);
        }
    }

    TEST_CASE("TM5: a kid is a name alone, and of two keys of one name neither is used") {
        const Vector& ec = vectors()[1];
        CHECK(size_of(replaced(ec.jwk, R"("kid":"k")", R"("kid":"../../etc/x' OR 1=1")")) == 1);
        CHECK(size_of(ec.jwk + "," + vectors()[2].jwk) == 0);
        CHECK(size_of(ec.jwk + "," + ec.jwk + "," + ec.jwk) == 0);
    }

    TEST_CASE("without a name the only key of its algorithm is meant") {
        const test::Signer first(SignatureAlgorithm::es256, "a");
        const test::Signer second(SignatureAlgorithm::es256, "b");
        const test::Signer other(SignatureAlgorithm::eddsa, "c");
        const KeySet set = ok(KeySet::read(key_set_of(first.jwk() + "," + other.jwk())));
        const KeySet both = ok(KeySet::read(key_set_of(first.jwk() + "," + second.jwk())));

        CHECK(set.find(std::nullopt, SignatureAlgorithm::es256) != nullptr);
        CHECK(both.find(std::nullopt, SignatureAlgorithm::es256) == nullptr);
        CHECK(both.find("b", SignatureAlgorithm::es256) != nullptr);
    }

    TEST_CASE("what is no JWKS is refused") {
        std::string many = "{}";
        for (std::size_t count = 0; count < keys_max; ++count) {
            many += ",{}";
        }
        for (const std::string& text :
             {std::string(), std::string("{}"), std::string("[]"), std::string(R"({"keys":{}})"),
              key_set_of(many), key_set_of("\"" + std::string(key_set_bytes_max, 'x') + "\"")}) {
            CHECK(test::error_of(KeySet::read(text)).code == ErrorCode::malformed);
        }
    }
}

}  // namespace sillage::server
