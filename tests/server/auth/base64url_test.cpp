#include "server/auth/base64url.hpp"

#include <doctest/doctest.h>

namespace sillage::server {

TEST_SUITE("auth/base64url") {
    TEST_CASE("bytes are written as RFC 4648 has them, without padding") {
        CHECK(to_base64url("") == "");
        CHECK(to_base64url("f") == "Zg");
        CHECK(to_base64url("fo") == "Zm8");
        CHECK(to_base64url("foo") == "Zm9v");
        CHECK(to_base64url("foob") == "Zm9vYg");
        CHECK(to_base64url("\xff\xef\xbe") == "_---");
    }

    TEST_CASE("what was written is read again, whatever it was") {
        std::string bytes;
        for (int byte = 0; byte < 256; ++byte) {
            bytes += static_cast<char>(byte);
            CHECK(from_base64url(to_base64url(bytes)) == bytes);
        }
    }

    TEST_CASE("TM5: one text stands for one value") {
        for (const std::string_view text :
             {"Z", "Zh", "Zm9", "Zg==", "Zg=", "Zm 8", "Zm8\n", "Zm+8", "Zm/8", "Zm9vY"}) {
            CAPTURE(text);
            CHECK(from_base64url(text) == std::nullopt);
        }
    }
}

}  // namespace sillage::server
