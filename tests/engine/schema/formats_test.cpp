#include "engine/schema/check.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

namespace {

bool fits(std::string_view text, SchemaFormat format) {
    const Schema schema{.type = SchemaType::string, .format = format};
    return check_value(boost::json::value(text), schema).empty();
}

}  // namespace

TEST_SUITE("schema/formats") {
    TEST_CASE("dates and instants are RFC 3339") {
        CHECK(fits("2028-02-29", SchemaFormat::date));
        CHECK(fits("2027-03-15T17:00:00+01:00", SchemaFormat::date_time));
        for (const auto* text :
             {"", "2027-02-29", "2027-3-15", "15/03/2027", "2027-03-15T00:00Z"}) {
            CAPTURE(text);
            CHECK_FALSE(fits(text, SchemaFormat::date));
            CHECK_FALSE(fits(text, SchemaFormat::date_time));
        }
    }

    TEST_CASE("an address of electronic mail has one local part and a domain") {
        for (const auto* text : {"ana@example.org", "a.b+c@mail.example.org", "é@exemple.fr",
                                 "o'neil@example.org", "root@localhost"}) {
            CAPTURE(text);
            CHECK(fits(text, SchemaFormat::email));
        }
        for (const auto* text :
             {"", "@", "ana", "ana@", "@example.org", "a..b@example.org", "ana@-example.org",
              "ana@example..org", "ana @example.org", "ana@exam ple.org", "a@b@example.org\n"}) {
            CAPTURE(text);
            CHECK_FALSE(fits(text, SchemaFormat::email));
        }
        CHECK_FALSE(fits(std::string(65, 'a') + "@example.org", SchemaFormat::email));
        CHECK_FALSE(fits("a@" + std::string(64, 'b') + ".org", SchemaFormat::email));
    }

    TEST_CASE("a URI is absolute") {
        for (const auto* text : {"https://example.org/", "http://[::1]:80/a?b=%20#c",
                                 "mailto:ana@example.org", "urn:isbn:0451450523"}) {
            CAPTURE(text);
            CHECK(fits(text, SchemaFormat::uri));
        }
        for (const auto* text : {"", "example.org", "/a", "://a", "1a:b", "https:", "https://",
                                 "https:///a", "https://a b", "https://a/%2", "https://a/é"}) {
            CAPTURE(text);
            CHECK_FALSE(fits(text, SchemaFormat::uri));
        }
    }
}
