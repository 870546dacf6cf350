#include "engine/base/language.hpp"

#include <doctest/doctest.h>

using sillage::choose_language;

TEST_SUITE("base/language") {
    TEST_CASE("the reader's best language is found, its region dropped when need be") {
        const std::vector<std::string_view> available = {"fr", "en", "pt-BR"};

        CHECK(choose_language(available, {"fr-CH"}) == 0);
        CHECK(choose_language(available, {"pt-br"}) == 2);
        CHECK(choose_language(available, {"de", "EN-gb", "fr"}) == 1);
        CHECK(choose_language(available, {"pt-x-old", "fr"}) == 0);
    }

    TEST_CASE("English stands in, then whatever is first") {
        CHECK(choose_language({"fr", "en-GB"}, {"de"}) == 1);
        CHECK(choose_language({"fr", "it"}, {"de"}) == 0);
        CHECK(choose_language({""}, {"de"}) == 0);
        CHECK(choose_language({"fr", "eno"}, {}) == 0);
    }
}
