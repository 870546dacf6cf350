#include "engine/yaml/detail/tree.hpp"

#include <doctest/doctest.h>

#include <string>

#include "engine/base/json.hpp"
#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// The tree of a text and what was found in it.
struct Built {
    explicit Built(std::string text_given) : text(std::move(text_given)) {
        const SourceText source(text);
        Findings found("test.yaml");
        tree = build_tree(source, found);
        findings = found.take();
    }
    [[nodiscard]] std::string json() const { return tree ? to_json_text(to_json(*tree)) : "none"; }
    [[nodiscard]] Lines lines() const { return test::places_and_codes(findings); }

    std::string text;
    NodePtr tree = nullptr;
    std::vector<Finding> findings = {};
};

std::string repeated(std::string_view part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) {
        text += part;
    }
    return text;
}

TEST_SUITE_BEGIN("yaml/tree");

TEST_CASE("plain scalars follow the JSON schema, every other one is text") {
    const Built built(
        "[true, false, null, 12, -1.5e3, , on, no, NO, 12:30, \"12\", 'true', yes, True-ish]");

    CHECK(
        built.json() ==
        R"([true,false,null,12,-1500.0,null,"on","no","NO","12:30","12","true","yes","True-ish"])");
    CHECK(built.findings.empty());
}

TEST_CASE("what another YAML would take for a value is text, with a warning") {
    for (const std::string word : {"True", "FALSE", "~", "NULL", "012", "0x1F", "0o17", ".inf",
                                   "-.INF", ".nan", "+1", "1.", ".5", "1_000"}) {
        CAPTURE(word);

        const Built built("a: " + word);

        CHECK(built.json() == R"({"a":")" + word + R"("})");
        CHECK(built.lines() == Lines{"1:4 ?text-not-value"});
    }
}

TEST_CASE("a number that no double can hold is an error") {
    CHECK(Built("a: 1e999").lines() == Lines{"1:4 range"});
    CHECK(Built("a: 123456789012345678901234567890").json() == R"({"a":1.2345678901234568e+29})");
}

TEST_CASE("an absent value is null at its key, also before a key called null") {
    const Built built("a:\nnull: 3\nb: null\n");

    CHECK(built.json() == R"({"a":null,"null":3,"b":null})");
    CHECK(built.tree->find("a")->place == Place{1, 1});
    CHECK(built.tree->find("b")->place == Place{3, 4});
}

TEST_CASE("places count code points from 1, after anchors, also in one long line") {
    const Built built("été: &x \"ça\"\nb: { \"ñ\": 1, c: *x }\n");

    CHECK(built.tree->entries[0].key->place == Place{1, 1});
    CHECK(built.tree->entries[0].value->place == Place{1, 9});
    const Node& b = *built.tree->entries[1].value;
    CHECK(b.place == Place{2, 4});
    CHECK(b.entries[1].key->place == Place{2, 14});
}

TEST_CASE("a question mark ends no text, and begins an explicit key") {
    const Built built(
        "a: { en: How many?, fr: Combien ? }\nb: [x ? y, \"?\", ?z]\n? c\n: 1 # why?\n");

    CHECK(built.json() ==
          R"({"a":{"en":"How many?","fr":"Combien ?"},"b":["x ? y","?","?z"],"c":1})");
    CHECK(built.findings.empty());
}

TEST_CASE("JSON gives the same tree, surrogate pairs included") {
    const Built built(R"({"a":"\uD83D\uDE00\/é","b":[1,{"c":null}],"a\\u":{}} )");

    CHECK(built.json() == R"({"a":"😀/é","b":[1,{"c":null}],"a\\u":{}})");
    CHECK(built.tree->find("b")->place == Place{1, 28});
    CHECK(built.findings.empty());
}

TEST_CASE("32 levels are read and the 33rd is refused") {
    CHECK(Built(repeated("[", 32) + repeated("]", 32)).findings.empty());
    CHECK(Built(repeated("[", 33) + repeated("]", 33)).lines() == Lines{"1:33 too-deep"});
    CHECK(Built(repeated("- ", 100'000)).lines() == Lines{"1:65 too-deep"});
    CHECK(Built("a: &x " + repeated("[", 20) + repeated("]", 20) + "\nb: " + repeated("[", 12) +
                "*x" + repeated("]", 12))
              .lines() == Lines{"2:16 too-deep"});
}

TEST_CASE("aliases stand for at most 10,000 nodes") {
    const std::string hundred = "a: &a [" + repeated("x,", 99) + "]\n";
    const auto with_aliases = [&](int count) {
        return Built(hundred + "b: [" + repeated("*a,", count) + "]\n").lines();
    };

    CHECK(with_aliases(100).empty());
    CHECK(with_aliases(101) == Lines{"2:305 alias-limit"});
}

TEST_CASE("an alias bomb is refused before it is walked") {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 9; ++i) {
        const std::string before = "*a" + std::to_string(i - 1) + ",";
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(before, 10) +
                "]\n";
    }

    CHECK(Built(bomb).lines() == Lines{"4:38 alias-limit"});
}

TEST_CASE("an alias inside what it stands for is a cycle") {
    CHECK(Built("a: &x [*x]").lines() == Lines{"1:8 alias-cycle"});
    CHECK(Built("a: &x { b: [1, *x] }").lines() == Lines{"1:16 alias-cycle"});
}

TEST_CASE("tags are refused wherever they stand, and reading goes on") {
    const Built built("a: !!str 1\nb: ! x\nc: &n !t [1]\nd: !frozen && score\n");

    CHECK(built.lines() == Lines{"1:4 tag", "2:4 tag", "3:7 tag", "4:4 tag"});
    CHECK(built.findings[3].message.ends_with("write it in quotes: '!frozen && score'"));
}

TEST_CASE("a key is a scalar that says something") {
    CHECK(Built("? [a]\n: b\n").lines() == Lines{"1:3 key"});
    CHECK(Built("{a: 1, , b: 2}").lines() == Lines{"1:8 key"});
    CHECK(Built("\"\": 1").lines() == Lines{"1:1 key"});
}

TEST_CASE("a file holds exactly one document") {
    CHECK(Built("").lines() == Lines{"1:1 empty"});
    CHECK(Built("# nothing\n").lines() == Lines{"1:1 empty"});
    CHECK(Built("---\na: 1\n...\n").findings.empty());
    CHECK(Built("a: 1\n---\nb: 2\n").lines() == Lines{"2:1 several-documents"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
