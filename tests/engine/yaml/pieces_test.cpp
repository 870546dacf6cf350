#include "engine/yaml/detail/pieces.hpp"

#include <doctest/doctest.h>

#include <string>

namespace sillage {
namespace {

/// Literals as they are, expressions between `<` and `>`, problems as `!offset`.
std::string shown(const Pieces& split) {
    std::string result;
    for (const Piece& piece : split.pieces) {
        result += piece.is_expression ? "<" + piece.text + ">" : piece.text;
    }
    return split.problem.empty() ? result : result + "!" + std::to_string(split.problem_offset);
}

TEST_SUITE_BEGIN("yaml/pieces");

TEST_CASE("a text has expressions in braces and literal braces doubled") {
    CHECK(shown(split_text("It is {score}.")) == "It is <score>.");
    CHECK(shown(split_text("{a}{b}")) == "<a><b>");
    CHECK(shown(split_text("{{a}} {{{b}}}")) == "{a} {<b>}");
    CHECK(shown(split_text("")) == "");
    CHECK(shown(split_text("a } b")) == "a !2");
    CHECK(shown(split_text("a {b")) == "a !2");
}

TEST_CASE("a value has expressions after a dollar, and $${ is a literal ${") {
    CHECK(shown(split_template("${a + 1}")) == "<a + 1>");
    CHECK(shown(split_template("x ${a} y ${b}")) == "x <a> y <b>");
    CHECK(shown(split_template("$${a} {b} $c $")) == "${a} {b} $c $");
    CHECK(shown(split_template("$$${a}")) == "$${a}");
    CHECK(shown(split_template("ab ${c")) == "ab !3");
}

TEST_CASE("an expression ends at the first brace outside strings and nested braces") {
    CHECK(shown(split_template("${ {'a': {'b': 1}}.a } x")) == "< {'a': {'b': 1}}.a > x");
    CHECK(shown(split_template("${'}'}.")) == "<'}'>.");
    CHECK(shown(split_template(R"(${'\'}'}.)")) == R"(<'\'}'>.)");
    CHECK(shown(split_template(R"(${r'\'}.)")) == R"(<r'\'>.)");
    CHECK(shown(split_template(R"(${bar'\'}'}.)")) == R"(<bar'\'}'>.)");
    CHECK(shown(split_template(R"(${"""a"}"b"""}.)")) == R"(<"""a"}"b""">.)");
}

TEST_CASE("an expression knows the byte where it begins") {
    CHECK(split_text("é {a}").pieces.at(1).offset == 4);
    CHECK(split_template("x${a}").pieces.at(1).offset == 3);
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
