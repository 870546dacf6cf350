#include <doctest/doctest.h>

#include "engine/calendar/calendar.hpp"

namespace sillage {
namespace {

TEST_SUITE_BEGIN("calendar/css_time");

TEST_CASE("a time of CSS is seconds or milliseconds, with a fraction or without") {
    CHECK(parse_css_time("1s") == Duration{1'000});
    CHECK(parse_css_time(".5s") == Duration{500});
    CHECK(parse_css_time("1.25s") == Duration{1'250});
    CHECK(parse_css_time("10ms") == Duration{10});
    CHECK(parse_css_time("0.9ms") == Duration{0});
    for (const auto* text :
         {"", "s", ".s", "1.s", "-1s", "1", "1 s", "1m", "99999999999999999999s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_css_time(text));
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
