#include "engine/yaml/source.hpp"

#include <doctest/doctest.h>

#include <string>

#include "engine/yaml/read.hpp"
#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
    Findings findings("test.yaml");
    const bool may_be_parsed = check_text(SourceText(text), findings);
    CHECK(may_be_parsed == !findings.has_errors());
    return test::places_and_codes(findings.take());
}

TEST_SUITE_BEGIN("yaml/source");

TEST_CASE("a place is its line and its code point in the line, both from 1") {
    const SourceText source("ab\né😀x\n\nz");

    CHECK(source.place_of(0) == Place{1, 1});
    CHECK(source.place_of(3) == Place{2, 1});
    CHECK(source.place_of(5) == Place{2, 2});
    CHECK(source.place_of(9) == Place{2, 3});
    CHECK(source.place_of(11) == Place{3, 1});
    CHECK(source.place_of(99) == Place{4, 2});
    CHECK(source.line_of(9) == "é😀x");
}

TEST_CASE("columns of a long line are counted as those of a short one") {
    std::string text(1'000, 'a');
    text += "é" + std::string(1'000, 'b');
    const SourceText source(text);

    for (const std::size_t offset : {127U, 128U, 129U, 1'000U}) {
        CHECK(source.place_of(offset).column == offset + 1);
    }
    CHECK(source.place_of(1'002).column == 1'002);
    CHECK(source.place_of(2'002).column == 2'002);
}

TEST_CASE("a byte order mark at the start is not part of the text") {
    const SourceText source(
        "\xEF\xBB\xBF"
        "a: 1");

    CHECK(source.text() == "a: 1");
    CHECK(lines_of("\xEF\xBB\xBF"
                   "a: 1")
              .empty());
}

TEST_CASE("256 KiB are read and one byte more is refused") {
    CHECK(lines_of(std::string(definition_bytes_max, 'a')).empty());
    CHECK(lines_of(std::string(definition_bytes_max + 1, 'a')) == Lines{"1:1 too-large"});
}

TEST_CASE("what is not UTF-8 is refused at its first byte") {
    CHECK(lines_of("a: \xFF") == Lines{"1:4 encoding"});
    CHECK(lines_of("é: \xC3") == Lines{"1:4 encoding"});
    CHECK(lines_of("a\n\xC0\xAF") == Lines{"2:1 encoding"});
    CHECK(lines_of("\xED\xA0\x80") == Lines{"1:1 encoding"});
    CHECK(lines_of("\xF4\x90\x80\x80") == Lines{"1:1 encoding"});
    CHECK(lines_of("a: 1\xF0\x9F\x98") == Lines{"1:5 encoding"});
}

TEST_CASE("control characters are refused, tabs and line ends are not") {
    CHECK(lines_of(std::string_view("a: \0b", 5)) == Lines{"1:4 control-character"});
    CHECK(lines_of("a: \x04") == Lines{"1:4 control-character"});
    CHECK(lines_of("a: x\ry: z") == Lines{"1:5 control-character"});
    CHECK(lines_of("a: \xEF\xBB\xBF") == Lines{"1:4 control-character"});
    CHECK(lines_of("a:\t1\r\nb: 2\n").empty());
}

TEST_CASE("findings come in order of place, and what is said twice of one place is kept once") {
    Findings findings("test.yaml");
    findings.error({2, 1}, "b", "Second.");
    findings.warning({1, 5}, "a", "first");
    findings.error({2, 1}, "b", "second");

    CHECK(findings.error_count() == 1);
    const auto taken = findings.take();
    REQUIRE(taken.size() == 2);
    CHECK(to_string(taken[0]) == "test.yaml:1:5: warning: first [a]");
    CHECK(to_string(taken[1]) == "test.yaml:2:1: error: second [b]");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
