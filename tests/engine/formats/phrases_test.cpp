#include "engine/formats/detail/phrases.hpp"

#include <doctest/doctest.h>

namespace sillage {
namespace {

TEST_SUITE_BEGIN("formats/phrases");

TEST_CASE("durations are said in the reader's language, with its plurals") {
    const Phrases english({"de"});
    const Phrases french({"fr-CA"});

    CHECK(english.delay(CalendarDuration{.days = 1}) == "1 day");
    CHECK(english.delay(CalendarDuration{.working_days = 2}) == "2 working days");
    CHECK(english.delay(CalendarDuration{.exact = Duration{5'400'000}}) == "90 min");
    CHECK(english.delay(CalendarDuration{.months = 1, .days = 2}) == "P1M2D");
    CHECK(french.delay(CalendarDuration{.days = 0, .working_days = 1}) == "1 jour ouvré");
    CHECK(french.delay(CalendarDuration{.working_days = 10}) == "10 jours ouvrés");
    CHECK(french.delay(CalendarDuration{.months = 6}) == "6 mois");
    CHECK(french.delay(Expression{.text = "score"}) == "score");
}

TEST_CASE("the nearest variant is taken, and what is computed is left open") {
    const Text text{.variants = {{.language = "fr", .pieces = {"À ", Expression{.text = "score"}}},
                                 {.language = "en", .pieces = {"At ", Expression{.text = "x"}}}}};

    CHECK(Phrases({"fr-BE"}).plain(text) == "À …");
    CHECK(Phrases({"es"}).plain(text) == "At …");
    CHECK(Phrases({"es"}).plain({}).empty());
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
