#include "server/http/negotiation.hpp"

#include <doctest/doctest.h>

#include <array>

namespace sillage::server {

using Strings = std::vector<std::string>;

TEST_SUITE("http/negotiation") {
    TEST_CASE("languages are listed by weight, equals in the order given") {
        CHECK(accepted_languages("en;q=0.5, fr-BE, de;q=0.5") == Strings{"fr-be", "en", "de"});
        CHECK(accepted_languages("").empty());
    }

    TEST_CASE("weights of zero, wildcards and unreadable elements are left out") {
        CHECK(accepted_languages("fr;q=0, *, en;q=1.5, de;q=x, , it;q=0.001") == Strings{"it"});
    }

    TEST_CASE("the media type weighed highest is chosen, the first offered of equals") {
        constexpr std::array<std::string_view, 2> offered{"application/json", "application/yaml"};
        CHECK(choose_media_type("", offered) == "application/json");
        CHECK(choose_media_type("*/*", offered) == "application/json");
        CHECK(choose_media_type("application/yaml", offered) == "application/yaml");
        CHECK(choose_media_type("application/json;q=0.5, application/*", offered) ==
              "application/yaml");
        CHECK(choose_media_type("text/html", offered).empty());
        CHECK(choose_media_type("application/json;q=0", offered).empty());
    }
}

}  // namespace sillage::server
