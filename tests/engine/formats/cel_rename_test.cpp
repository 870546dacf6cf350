#include "engine/formats/detail/cel_rename.hpp"

#include <doctest/doctest.h>

namespace sillage {
namespace {

std::string renamed_here(std::string_view expression) {
    return renamed(expression, {.variables = {{"_event", "event"}, {"now", "now_"}},
                                .states = {{"s1", "a.s1"}}});
}

TEST_SUITE_BEGIN("formats/cel_rename");

TEST_CASE("variables are renamed, members and functions are not") {
    CHECK(renamed_here("_event.data.now + now") == "event.data.now + now_");
    CHECK(renamed_here("x . now == now(1) && nowhere") == "x . now == now(1) && nowhere");
    CHECK(renamed_here("[now,_event]") == "[now_,event]");
}

TEST_CASE("strings stay, however they are written") {
    CHECK(renamed_here("'now' + \"now \\\" now\" + now") == "'now' + \"now \\\" now\" + now_");
    CHECK(renamed_here("'''now ' now''' + now") == "'''now ' now''' + now_");
    CHECK(renamed_here("r'now\\' + now") == "r'now\\' + now_");
    CHECK(renamed_here("'open now") == "'open now");
}

TEST_CASE("In names its state by another id") {
    CHECK(renamed_here("In('s1') || In ( \"s1\" ) && In('s2')") ==
          "In('a.s1') || In ( \"a.s1\" ) && In('s2')");
    CHECK(renamed_here("In(now)") == "In(now_)");
    CHECK(renamed_here("In('s1") == "In('s1");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
