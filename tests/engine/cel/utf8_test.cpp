#include <doctest/doctest.h>

#include "engine/cel/detail/utf8.hpp"

using namespace sillage;

TEST_SUITE("cel/utf8") {
    TEST_CASE("only shortest forms of scalar values are UTF-8") {
        for (const char* good : {"", "a", "é", "€", "😀", "\xF4\x8F\xBF\xBF"}) {
            CAPTURE(good);
            CHECK(is_cel_text(good));
        }
        for (const char* bad :
             {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
              "\xF4\x90\x80\x80", "\xFF", "\xC3(", "a\xE2\x82"}) {
            CAPTURE(bad);
            CHECK_FALSE(is_cel_text(bad));
        }
    }

    TEST_CASE("code points are counted and appended") {
        std::string text;
        for (const char32_t code_point : {U'a', U'é', U'€', U'😀'}) {
            CHECK(append_code_point(text, code_point));
        }
        CHECK(text == "aé€😀");
        CHECK(code_point_count(text) == 4);
    }

    TEST_CASE("a surrogate and what lies past the end of Unicode are not appended") {
        std::string text;
        CHECK_FALSE(append_code_point(text, 0xD800));
        CHECK_FALSE(append_code_point(text, 0x110000));
        CHECK(text.empty());
    }
}
