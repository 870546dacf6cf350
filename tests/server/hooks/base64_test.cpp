#include "server/hooks/base64.hpp"

#include <doctest/doctest.h>

using namespace sillage::server;

TEST_SUITE("hooks/base64") {
    TEST_CASE("the examples of RFC 4648, 10, both ways") {
        const std::pair<std::string, std::string> rows[] = {{"", ""},
                                                            {"f", "Zg=="},
                                                            {"fo", "Zm8="},
                                                            {"foo", "Zm9v"},
                                                            {"foob", "Zm9vYg=="},
                                                            {"fooba", "Zm9vYmE="},
                                                            {"foobar", "Zm9vYmFy"}};
        for (const auto& [bytes, text] : rows) {
            CAPTURE(bytes);
            CHECK(to_base64(bytes) == text);
            CHECK(from_base64(text) == bytes);
        }
    }

    TEST_CASE("every byte comes back") {
        std::string bytes;
        for (int byte = 0; byte < 256; ++byte) {
            bytes += static_cast<char>(byte);
        }

        CHECK(from_base64(to_base64(bytes)) == bytes);
    }

    TEST_CASE("what would not have been written so is refused") {
        for (const auto* text :
             {"Zg", "Zg=", "Z===", "Zh==", "Zm9=", "Zm9v\n", "Zm_v", "====", "Zg==Zg=="}) {
            CAPTURE(text);
            CHECK_FALSE(from_base64(text).has_value());
        }
    }
}
