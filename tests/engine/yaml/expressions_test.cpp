#include "engine/yaml/detail/expressions.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// A workflow whose only state logs a value; the value begins in column 19 of line 10.
std::string logging(std::string_view value) {
    return "workflow: t\nversion: 1\nroles: { sme: }\ncontext:\n"
           "  score: { type: integer }\n  names: { type: array }\n"
           "states:\n  a:\n    entry:\n    - log:        " +
           std::string(value) + "\n";
}

ValueTemplate logged(std::string_view value) {
    const auto definition = test::definition_of(logging(value));
    return std::get<LogAction>(definition->states[1].entry.at(0).at(0).node).value;
}

/// A workflow whose only transition has that guard; the text begins in column 22 of line 9.
std::string guarded(std::string_view guard) {
    return "workflow: t\nversion: 1\nroles: { sme: }\ncontext:\n"
           "  score: { type: integer }\n  due: { type: string, format: date-time }\n"
           "states:\n  a: { on: { go: {\n    by: sme, guard:   " +
           std::string(guard) + "\n  }}}\n";
}

TEST_SUITE_BEGIN("yaml/expressions");

TEST_CASE("a finding that begins with the name of a function keeps its case") {
    const auto findings = read_definition(guarded("In(1)"), "t.yaml").findings;

    REQUIRE(findings.size() == 1);
    CHECK(findings[0].message == "In() does not take (int)");
}

TEST_CASE("a value is a literal unless it contains ${ }") {
    CHECK(logged("12").node == decltype(ValueTemplate::node)(boost::json::value(12)));
    CHECK(logged("$${x} {y}").node ==
          decltype(ValueTemplate::node)(boost::json::value("${x} {y}")));
    CHECK(std::get<boost::json::value>(logged("{ a: [1, x], b: null }").node) ==
          boost::json::value({{"a", {1, "x"}}, {"b", nullptr}}));
}

TEST_CASE("${ } alone is an expression, inside a longer text it is a piece of it") {
    CHECK(std::get<Expression>(logged("\"${score + 1}\"").node).text == "score + 1");

    const auto pieces = std::get<TextPieces>(logged("\"is ${score}!\"").node);

    REQUIRE(pieces.size() == 3);
    CHECK(std::get<std::string>(pieces[0]) == "is ");
    CHECK(std::get<Expression>(pieces[1]).text == "score");
    CHECK(std::get<Expression>(pieces[1]).place == Place{10, 25});
    CHECK(std::get<std::string>(pieces[2]) == "!");
}

TEST_CASE("a list or mapping with an expression below it keeps its literals beside it") {
    const auto members =
        std::get<ValueTemplate::Members>(logged("{ a: 1, b: [\"${score}\", x] }").node);

    REQUIRE(members.size() == 2);
    CHECK(std::get<boost::json::value>(members[0].second.node) == boost::json::value(1));
    const auto list = std::get<ValueTemplate::List>(members[1].second.node);
    CHECK(std::get<Expression>(list.at(0).node).text == "score");
    CHECK(std::get<boost::json::value>(list.at(1).node) == boost::json::value("x"));
}

TEST_CASE("an expression takes the text of a scalar that reads as a boolean or a number") {
    const auto definition = test::definition_of(guarded("true"));

    CHECK(definition->transitions[0].guard.at(0).check.text == "true");
    CHECK(test::findings_of(guarded("1")) == Lines{"9:23 type-mismatch"});
    CHECK(test::findings_of(guarded("")) == Lines{"9:14 wrong-type"});
    CHECK(test::findings_of(guarded("{}")) == Lines{"9:23 wrong-type"});
}

TEST_CASE("findings about an expression point into the scalar") {
    CHECK(test::findings_of(guarded("score > skore")) == Lines{"9:31 unknown-name"});
    CHECK(test::findings_of(guarded("'score > skore'")) == Lines{"9:32 unknown-name"});
    CHECK(test::findings_of(guarded("\"score >\n   skore\"")) == Lines{"10:4 unknown-name"});
    CHECK(test::findings_of(logging("|\n        é ${score + skore}")) ==
          Lines{"11:21 unknown-name"});
}

TEST_CASE("an expression that YAML cut short is shown in quotes") {
    const auto words = [](const std::string& text) {
        return test::words_of(read_definition(text, "f").findings);
    };

    const std::string comma = words(guarded("size([score]) in [1, 2], target: a"));
    const std::string comment =
        words(logging("\"${score}\" # fine\n    - if: score > '1 # 2'\n      then: []"));

    CHECK(comma.find("f:9:23: error") != std::string::npos);
    CHECK(comma.find("in quotes") != std::string::npos);
    CHECK(comment.find(R"(YAML ends this at " #"; write it in quotes: "score > '1 # 2'")") !=
          std::string::npos);
}

TEST_CASE("a comment after a whole expression is a comment") {
    CHECK(test::findings_of(logging("x\n    - { if: score > 1, then: [] } # why")).empty());
}

TEST_CASE("a guard written with ${ } is told to do without") {
    CHECK(test::findings_of(guarded("\"${score > 1}\"")) == Lines{"9:23 needless-braces"});
}

TEST_CASE("text is a string or a map of language to string") {
    const auto with_title = [](std::string_view title) {
        return "workflow: t\nversion: 1\nstates: { a: }\ntitle: " + std::string(title) + "\n";
    };

    const auto definition = test::definition_of(with_title("{ en: \"{1 + 1} {{x}}\", pt-BR: y }"));

    REQUIRE(definition->title.variants.size() == 2);
    CHECK(definition->title.variants[0].language == "en");
    CHECK(std::get<Expression>(definition->title.variants[0].pieces.at(0)).text == "1 + 1");
    CHECK(std::get<std::string>(definition->title.variants[0].pieces.at(1)) == " {x}");
    CHECK(test::findings_of(with_title("2027")) == Lines{"4:8 wrong-type"});
    CHECK(test::findings_of(with_title("{}")) == Lines{"4:8 empty-map"});
    CHECK(test::findings_of(with_title("{ english_: x }")) == Lines{"4:10 language"});
    CHECK(test::findings_of(with_title("\"a } b\"")) == Lines{"4:11 braces"});
    CHECK(test::findings_of(with_title("[a]")) == Lines{"4:8 wrong-type"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
