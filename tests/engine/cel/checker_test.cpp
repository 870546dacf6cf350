#include "engine/cel/detail/checker.hpp"

#include <doctest/doctest.h>

#include "tests/engine/cel/workflow_scope.hpp"

using namespace sillage;
using test::findings_of;
using test::workflow_scope;

namespace {

std::string type_of_expression(std::string_view text) {
    return to_string(compile_expression(text, workflow_scope()).type);
}

std::string reads_of(std::string_view text) {
    std::string joined;
    for (const std::string& path : compile_expression(text, workflow_scope()).expression.reads) {
        joined += (joined.empty() ? "" : " ") + path;
    }
    return joined;
}

}  // namespace

TEST_SUITE("cel/checker") {
    TEST_CASE("an unknown name is found with the nearest known one") {
        CHECK(findings_of("scroe >= 60") ==
              "0 unknown-name: There is no \"scroe\" here; did you mean \"score\"?");
        CHECK(findings_of("tags.all(tag, tgg == '')") ==
              "14 unknown-name: There is no \"tgg\" here; did you mean \"tag\"?");
        CHECK(findings_of("zzzzzzzz") == "0 unknown-name: There is no \"zzzzzzzz\" here.");
    }

    TEST_CASE("an unknown field of a declared object is found with the nearest one") {
        CHECK(findings_of("address.ctiy == ''") ==
              "8 unknown-name: There is no field \"ctiy\" in address; did you mean \"city\"?");
        CHECK(findings_of("company.headcnt < 250") ==
              "8 unknown-name: There is no field \"headcnt\" in company; did you mean "
              "\"headcount\"?");
        CHECK(findings_of("has(event.dta)").find("did you mean \"data\"?") != std::string::npos);
        CHECK(findings_of("last('go').who == actor.id") ==
              "11 unknown-name: There is no field \"who\" in last('go').");
        CHECK(
            findings_of("cohort.dates.anything_at_all == null && cohort.settings.x == 1").empty());
        CHECK(findings_of("anything.at.all == 1").empty());
    }

    TEST_CASE("an unknown function, and a known one with other arguments, are found") {
        CHECK(findings_of("sizee(tags) > 1") ==
              "0 unknown-function: There is no function sizee(); did you mean \"size\"?");
        CHECK(
            findings_of("name.startWith('a')") ==
            "5 unknown-function: There is no function .startWith(); did you mean \"startsWith\"?");
        CHECK(findings_of("size(tags, 1) > 1") ==
              "0 wrong-arguments: size() does not take 2 arguments.");
        CHECK(findings_of("name.contains()") ==
              "5 wrong-arguments: contains() does not take 0 arguments.");
    }

    TEST_CASE("a state that In() or entered() names must exist") {
        CHECK(findings_of("In('review') && entered('review.open') != null").empty());
        CHECK(findings_of("In('reveiw')") ==
              "3 unknown-state: There is no state \"reveiw\"; did you mean \"review\"?");
        CHECK(findings_of("entered('open') == null").starts_with("8 unknown-state: "));
        CHECK(findings_of("In(name)").empty());
    }

    TEST_CASE("operators are checked where types are declared") {
        for (const char* text : {"score >= 'x'",
                                 "score + ratio",
                                 "score + 1.5",
                                 "score == 'x'",
                                 "name > 1",
                                 "!score",
                                 "score && true",
                                 "score ? 1 : 2",
                                 "due > '2027-01-01'",
                                 "name.size",
                                 "score.x",
                                 "1 in score",
                                 "1 in tags",
                                 "tags[name]",
                                 "-name",
                                 "size(score)",
                                 "name.contains(1)",
                                 "tags.all(t, t > 1)",
                                 "tags.filter(t, size(t))",
                                 "score.exists(x, true)",
                                 "now + 1",
                                 "int(due - now)",
                                 "null + 1",
                                 "score < null",
                                 "In(1)",
                                 "days(now, 1)",
                                 "actor.roles == 'sme'",
                                 "matches(score, 'x')",
                                 "max(1, 'a')",
                                 "sum(score)"}) {
            CAPTURE(text);
            CHECK(findings_of(text).find("type-mismatch: ") != std::string::npos);
        }
    }

    TEST_CASE("what may hold when it runs is not refused") {
        for (const char* text :
             {"score >= 60",
              "ratio > 1",
              "score == 1.5",
              "name == null",
              "score != null",
              "due == null || due < now",
              "ratio + 1.5 > 2.0",
              "anything + 1 == 2",
              "'sme' in actor.roles",
              "name in ['a', 'b']",
              "company.turnover_eur <= 50000000",
              "company.headcount != null && company.headcount < 250",
              "event.data.x == 1",
              "!has(cohort.settings.countries) || company.country in cohort.settings.countries",
              "cohort.dates.close != null ? cohort.dates.close : add(now, '6 weeks')",
              "last('approve').by != actor.id",
              "last('a') == null || last('a').count > 2",
              "now - due > duration('1h')",
              "tags.map(t, size(t)).all(n, n > 1)",
              "sum(tags.map(t, size(t))) > 3",
              "score == 0 ? 'a' : 1",
              "[1, 'a'][0] == 1",
              "type(score) == int",
              "max(score, ratio) > 1",
              "address.city == 'Chartres'",
              "double(score) * ratio > 1.0",
              "event.at <= now",
              "event.by == actor.id",
              "days(entered('review'), now) > 3",
              "working_days(now, due) >= 5"}) {
            CAPTURE(text);
            CHECK(findings_of(text) == "");
        }
    }

    TEST_CASE("all findings are reported, in order") {
        CHECK(findings_of("scroe > 1 && nmae == 'x' && score > 'x'") ==
              "0 unknown-name: There is no \"scroe\" here; did you mean \"score\"?\n"
              "13 unknown-name: There is no \"nmae\" here; did you mean \"name\"?\n"
              "34 type-mismatch: \">\" does not join int and string.");
    }

    TEST_CASE("an expression has the type its parts give it") {
        CHECK(type_of_expression("score + 1") == "int");
        CHECK(type_of_expression("ratio") == "double or null");
        CHECK(type_of_expression("score > 1 && true") == "bool");
        CHECK(type_of_expression("tags") == "list(string) or null");
        CHECK(type_of_expression("tags.map(t, size(t))") == "list(int)");
        CHECK(type_of_expression("tags.filter(t, true)[0]") == "string");
        CHECK(type_of_expression("true ? score : null") == "int or null");
        CHECK(type_of_expression("true ? score : 'x'") == "dyn");
        CHECK(type_of_expression("now - duration('1h')") == "timestamp");
        CHECK(type_of_expression("now - now") == "duration");
        CHECK(type_of_expression("entered('review')") == "timestamp or null");
        CHECK(type_of_expression("last('go')") == "object or null");
        CHECK(type_of_expression("cohort.dates.x") == "timestamp or null");
        CHECK(type_of_expression("{'a': 1}") == "map(dyn)");
        CHECK(type_of_expression("max([1, 2])") == "int");
    }

    TEST_CASE("paths are read once each, the longest that is named") {
        CHECK(reads_of("score >= 60 && score < 90") == "score");
        CHECK(reads_of("event.data.x == company.headcount") == "event.data.x company.headcount");
        CHECK(reads_of("has(event.data.rank) || size(name) > 1") == "event.data.rank name");
        CHECK(reads_of("last('approve').by != actor.id") == "last('approve') actor.id");
        CHECK(reads_of("In('review') && entered('review') != null") ==
              "In('review') entered('review')");
        CHECK(reads_of("tags.all(t, t.size() > score)") == "tags score");
        CHECK(reads_of("address['city'] == name") == "address name");
        CHECK(reads_of("[1].all(score, score > 0)") == "");
        CHECK(reads_of("1 + 2 == 3") == "");
    }
}
