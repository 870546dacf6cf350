#include "server/auth/token.hpp"

#include <array>

#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

TEST_SUITE("auth/token") {
    TEST_CASE("a token is a prefix and 256 bits in base64url") {
        std::array<std::uint8_t, token_bytes> bytes{};
        CHECK(token_text(bytes) == "sil_" + std::string(43, 'A'));
        bytes.fill(0xff);
        CHECK(token_text(bytes) == "sil_" + std::string(42, '_') + "8");
    }

    TEST_CASE("a header presents its token's hash") {
        CHECK(ok(presented_hash("Bearer good")) == token_hash("good"));
        CHECK(ok(presented_hash("bearer   good")) == token_hash("good"));
        CHECK(ok(presented_hash("Bearer good ")) != token_hash("good"));
    }

    TEST_CASE("a header without a token of ours presents none") {
        const std::string long_header = "Bearer " + std::string(100'000, 'a');

        for (const std::string_view header :
             {std::string_view(""), std::string_view("Bearer"), std::string_view("Bearer "),
              std::string_view("Basic good"), std::string_view("good"),
              std::string_view(long_header)}) {
            CAPTURE(header.substr(0, 40));
            CHECK(error_of(presented_hash(header)).code == ErrorCode::unauthenticated);
        }
        CHECK(error_of(presented_hash(std::nullopt)).code == ErrorCode::unauthenticated);
    }
}
