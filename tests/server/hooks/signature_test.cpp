#include "server/hooks/signature.hpp"

#include <doctest/doctest.h>

#include <array>

#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

// The example of Standard Webhooks' own libraries.
constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr auto id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr auto timestamp = "1614265330";
constexpr auto body = R"({"test": 2432232314})";
constexpr auto signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
constexpr Instant then{1'614'265'330'000};

SignedMessage example() { return {.id = id, .timestamp = timestamp, .body = body}; }

std::array<std::uint8_t, secret_bytes> bytes_from(std::uint8_t first) {
    std::array<std::uint8_t, secret_bytes> bytes{};
    for (std::uint8_t& byte : bytes) {
        byte = first++;
    }
    return bytes;
}

}  // namespace

TEST_SUITE("hooks/signature") {
    TEST_CASE("TM11: the example of Standard Webhooks is signed as it says") {
        CHECK(ok(SignatureKey::read(secret)).sign(example()) == signature);
    }

    TEST_CASE("TM10: a flipped bit anywhere is refused") {
        const std::vector<SignatureKey> keys{ok(SignatureKey::read(secret))};
        ok(check_signature(keys, example(), signature, then));

        for (std::string part : {std::string(id), std::string(body), std::string(signature)}) {
            const std::string whole = part;
            for (std::size_t bit = 0; bit < part.size() * 8; ++bit) {
                part[bit / 8] = static_cast<char>(part[bit / 8] ^ (1 << (bit % 8)));
                SignedMessage message = example();
                message.id = whole == id ? std::string_view(part) : message.id;
                message.body = whole == body ? std::string_view(part) : message.body;
                const std::string_view given =
                    whole == signature ? std::string_view(part) : signature;
                CAPTURE(bit);
                CHECK_FALSE(check_signature(keys, message, given, then));
                part = whole;
            }
        }
    }

    TEST_CASE("TM10: a message is good for five minutes either way") {
        const std::vector<SignatureKey> keys{ok(SignatureKey::read(secret))};

        CHECK(check_signature(keys, example(), signature, then + Duration{300'000}));
        CHECK(check_signature(keys, example(), signature, then + Duration{-300'000}));
        CHECK_FALSE(check_signature(keys, example(), signature, then + Duration{302'000}));
        CHECK_FALSE(check_signature(keys, example(), signature, then + Duration{-302'000}));
        for (const auto* text : {"", "-1", "1614265330.5", " 1614265330", "9999999999999999999"}) {
            CHECK(error_of(check_timestamp(text, then)).code == ErrorCode::unauthenticated);
        }
    }

    TEST_CASE("TM11: while a secret is replaced, each of several signatures will do") {
        const SignatureKey before = ok(SignatureKey::read(secret));
        const SignatureKey after = ok(SignatureKey::read(new_secret(bytes_from(1))));
        const std::vector<SignatureKey> both{after, before};
        const std::string header = signature_header(both, example());

        CHECK(header.find(' ') != std::string::npos);
        CHECK(check_signature(std::vector{before}, example(), header, then));
        CHECK(check_signature(std::vector{after}, example(), header, then));
        CHECK_FALSE(check_signature(std::vector{ok(SignatureKey::read(new_secret(bytes_from(9))))},
                                    example(), header, then));
    }

    TEST_CASE("TM11: what the secret half of an ed25519 pair signs, the open half verifies") {
        const KeyPair pair = key_pair(bytes_from(7));
        const SignatureKey open = ok(SignatureKey::read(pair.open));
        const std::string signed_by = ok(SignatureKey::read(pair.secret)).sign(example());

        CHECK(signed_by.starts_with("v1a,"));
        CHECK(open.verifies(example(), signed_by));
        SignedMessage other = example();
        other.body = "{}";
        CHECK_FALSE(open.verifies(other, signed_by));
        CHECK_FALSE(open.verifies(example(), signature));
    }

    TEST_CASE("what is no key is refused") {
        for (const auto* text :
             {"", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
              "whsk_c2hvcnQ=", "whpk_", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"}) {
            CAPTURE(text);
            CHECK(error_of(SignatureKey::read(text)).code == ErrorCode::invalid_argument);
        }
    }

    TEST_CASE("an HMAC is that of RFC 4231, test case 2") {
        const std::string mac = hmac_sha256("Jefe", "what do ya want for nothing?");

        CHECK(static_cast<unsigned char>(mac.front()) == 0x5b);
        CHECK(static_cast<unsigned char>(mac.back()) == 0x43);
        CHECK(equals_in_constant_time(mac, mac));
        CHECK_FALSE(equals_in_constant_time(mac, mac.substr(1)));
    }
}
