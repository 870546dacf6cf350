#include "server/http/text.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

namespace sillage::server {

TEST_SUITE("http/text") {
    TEST_CASE("what is not UTF-8 is shown without its odd bytes, and UTF-8 as it is") {
        CHECK(to_utf8("caf\xc3\xa9") == "caf\xc3\xa9");
        CHECK(to_utf8("caf\xc3\xa9 \xc3") == "caf?? ?");
    }

    TEST_CASE("percent-encoding is undone, a plus only in a query") {
        CHECK(test::ok(percent_decode("a%20b+c%C3%A9", false)) == "a b+c\xc3\xa9");
        CHECK(test::ok(percent_decode("a+b", true)) == "a b");
    }

    TEST_CASE("what was percent-encoded is decoded to what it was") {
        const std::string text = "a b&c=d/e?f#g%h+\xc3\xa9~-._\n\"";

        CHECK(percent_encode(text) == "a%20b%26c%3Dd%2Fe%3Ff%23g%25h%2B%C3%A9~-._%0A%22");
        CHECK(test::ok(percent_decode(percent_encode(text), true)) == text);
    }

    TEST_CASE("bad escapes, NUL and bad UTF-8 are refused") {
        for (const std::string_view text :
             {"%", "%2", "%zz", "a%00b", "%ff", "%c3", "%ed%a0%80", "%c0%af", "%f4%90%80%80"}) {
            CAPTURE(text);
            CHECK(test::error_of(percent_decode(text, false)).code == ErrorCode::invalid_argument);
        }
    }

    TEST_CASE("pairs are read in their order, decoded after they are split") {
        CHECK(test::ok(read_pairs("a%3D=1%262&&b&c=d=e+f&=g")) ==
              std::vector<Field>{{"a=", "1&2"}, {"b", ""}, {"c", "d=e f"}, {"", "g"}});
        CHECK(test::ok(read_pairs("")).empty());
        CHECK(test::error_of(read_pairs("a=%4")).code == ErrorCode::invalid_argument);
        CHECK(test::error_of(read_pairs("%ff=a")).code == ErrorCode::invalid_argument);
    }

    TEST_CASE("a target is split into its path and its decoded query in order") {
        Request request;
        test::ok(read_target("/v1/a%2Fb?limit=5&q=a%26b&&flag", request));

        CHECK(request.path == "/v1/a%2Fb");
        CHECK(request.query == std::vector<Field>{{"limit", "5"}, {"q", "a&b"}, {"flag", ""}});
    }

    TEST_CASE("an absolute target counts by its path") {
        Request request;
        test::ok(read_target("HTTP://a:80/b?c=d", request));
        CHECK(request.path == "/b");

        Request bare;
        test::ok(read_target("http://a", bare));
        CHECK(bare.path == "/");
    }

    TEST_CASE("lists are split and trimmed, empty parts kept") {
        CHECK(split("a, b ,,c", ',') == std::vector<std::string_view>{"a", "b", "", "c"});
        CHECK(trim("\t a b ") == "a b");
        CHECK(trim("  ").empty());
    }
}

}  // namespace sillage::server
