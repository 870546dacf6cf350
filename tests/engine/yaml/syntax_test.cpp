#include "engine/yaml/detail/syntax.hpp"

#include <doctest/doctest.h>

#include <string>

#include "engine/yaml/detail/tree.hpp"
#include "tests/support/findings.hpp"

namespace sillage {
namespace {

std::string words_about(std::string_view text) {
    const SourceText source(text);
    Findings findings("f");
    static_cast<void>(build_tree(source, findings));
    CHECK(findings.has_errors());
    return test::words_of(findings.take());
}

/// Where each byte of the first value's text stands, as columns and lines.
Place place_in_value(std::string_view text, std::string_view part) {
    const SourceText source(text);
    Findings findings("f");
    const NodePtr tree = build_tree(source, findings);
    const Node& value = *tree->entries.front().value;
    const std::size_t index = value.text.find(part);
    REQUIRE(index != std::string::npos);
    return source.place_of(offset_in_scalar(source, value, index));
}

TEST_SUITE_BEGIN("yaml/syntax");

TEST_CASE("where YAML breaks an expression, the finding shows it in quotes") {
    struct Row {
        std::string text;
        std::string place;
        std::string shown;
    };
    const Row rows[] = {
        {"guard: a ? b : c\n", "f:1:8:", "'a ? b : c'"},
        {"guard: *x > 1\n", "f:1:8:", "'*x > 1'"},
        {"guard: &a && b\n", "f:1:8:", "'&a && b'"},
        {"guard: [1, 2].size() > 1\n", "f:1:8:", "'[1, 2].size() > 1'"},
        {"guard: {'a': 1}.a == 1\n", "f:1:8:", "\"{'a': 1}.a == 1\""},
        {"guard: \"a\" == b\n", "f:1:8:", "'\"a\" == b'"},
        {"- check: a ? b : c\n", "f:1:10:", "'a ? b : c'"},
        {"x: { guard: a[0] > 1, target: b }\n", "f:1:13:", "'a[0] > 1'"},
        {"x: { guard: a ? b : c, target: b }\n", "f:1:13:", "'a ? b : c'"},
        {"on:\n  *: x\n", "f:2:3:", "\"*\""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);

        const std::string words = words_about(row.text);

        CAPTURE(words);
        CHECK(words.starts_with(row.place));
        CHECK(words.ends_with(row.shown + " [syntax]\n"));
    }
}

TEST_CASE("what stands after a value that YAML breaks is read, and the value keeps silent") {
    const std::string_view text = "a: *x > 1\nb: { c: d[0] > 1, e: 5 }\non:\n  *: x\nf: 6\n";
    const SourceText source(text);
    Findings findings("f");

    const NodePtr tree = build_tree(source, findings);

    REQUIRE(tree != nullptr);
    CHECK(findings.error_count() == 3);
    CHECK(tree->find("a")->kind == NodeKind::broken);
    CHECK(tree->find("b")->find("c")->kind == NodeKind::broken);
    CHECK(tree->find("b")->find("e")->text == "5");
    CHECK(tree->find("f")->place == Place{5, 4});
}

TEST_CASE("what is passed over is bounded") {
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += "k" + std::to_string(i) + ": *x > 1\n";
    }
    const SourceText source(text);
    Findings findings("f");

    CHECK(build_tree(source, findings) == nullptr);
    CHECK(findings.error_count() == 21);
}

TEST_CASE("a quote that is never closed is found where it opens") {
    const std::string words = "error: the quote that opens here is never closed [syntax]\n";

    CHECK(words_about("a: 1\nb: \"x\n\n") == "f:2:4: " + words);
    CHECK(words_about("a: 'it''s'\nb: 'x") == "f:2:4: " + words);
}

TEST_CASE("a tab in the indentation is named") {
    CHECK(words_about("a:\n\tb: 1\n\tc: 2\n") ==
          "f:2:1: error: YAML is indented with spaces; here is a tab [syntax]\n");
}

TEST_CASE("quotes are chosen so that least is escaped") {
    CHECK(in_quotes("a > 1") == "'a > 1'");
    CHECK(in_quotes("a == 'x'") == "\"a == 'x'\"");
    CHECK(in_quotes("'x' + \"y\"") == "'''x'' + \"y\"'");
}

TEST_CASE("a byte of a scalar's text is found in the source, whatever its style") {
    CHECK(place_in_value("a: x + bad\n", "bad") == Place{1, 8});
    CHECK(place_in_value("a: 'it''s bad'\n", "bad") == Place{1, 11});
    CHECK(place_in_value("a: \"\\u00e9\\\"\\x41 bad\"\n", "bad") == Place{1, 18});
    CHECK(place_in_value("a: x +\n   bad\n", "bad") == Place{2, 4});
    CHECK(place_in_value("a: |\n  x +\n    bad\n", "bad") == Place{3, 5});
    CHECK(place_in_value("a: >-\n\n  x +\n  bad\n", "bad") == Place{4, 3});
    CHECK(place_in_value("a: \"x +\n\n  bad\"\n", "bad") == Place{3, 3});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
