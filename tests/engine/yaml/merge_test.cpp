#include "engine/yaml/detail/merge.hpp"

#include <doctest/doctest.h>

#include <string>

#include "engine/base/json.hpp"
#include "engine/yaml/detail/tree.hpp"
#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

struct Merged {
    explicit Merged(std::string_view text) {
        const SourceText source(text);
        Findings found("test.yaml");
        const NodePtr tree = build_tree(source, found);
        json = to_json_text(to_json(*tree));
        findings = found.take();
        lines = test::places_and_codes(findings);
    }
    std::string json;
    std::vector<Finding> findings;
    Lines lines;
};

TEST_SUITE_BEGIN("yaml/merge");

TEST_CASE("<< merges a mapping or a list of mappings where it stands") {
    const Merged one("a: &a { x: 1 }\nb: { w: 0, <<: *a, y: 2 }\n");
    const Merged several("a: [&a { x: 1 }, &b { y: 2 }]\nb: { <<: [*a, *b], z: 3 }\n");

    CHECK(one.json == R"({"a":{"x":1},"b":{"w":0,"x":1,"y":2}})");
    CHECK(several.json == R"({"a":[{"x":1},{"y":2}],"b":{"x":1,"y":2,"z":3}})");
    CHECK(one.findings.empty());
    CHECK(several.findings.empty());
}

TEST_CASE("a quoted << is a key like any other") {
    CHECK(Merged("b: { \"<<\": { x: 1 } }\n").json == R"({"b":{"<<":{"x":1}}})");
}

TEST_CASE("a merged key that also stands explicitly is an error, before or after the merge") {
    CHECK(Merged("a: &a { x: 1 }\nb:\n  x: 2\n  <<: *a\n").lines == Lines{"3:3 merge-conflict"});
    CHECK(Merged("a: &a { x: 1 }\nb:\n  <<: *a\n  x: 2\n").lines == Lines{"4:3 merge-conflict"});
}

TEST_CASE("a key of two merged mappings is an error") {
    CHECK(Merged("a: &a { x: 1 }\nb: &b { x: 1 }\nc:\n  <<: [*a, *b]\n").lines ==
          Lines{"4:3 merge-conflict"});
}

TEST_CASE("<< merges nothing else") {
    CHECK(Merged("b: { <<: 5 }\n").lines == Lines{"1:10 merge"});
    CHECK(Merged("b: { <<: [{ x: 1 }, y] }\n").lines == Lines{"1:21 merge"});
    CHECK(Merged("b: { <<: { x: 1 }, <<: { y: 1 } }\n").lines == Lines{"1:20 duplicate-key"});
}

TEST_CASE("each further occurrence of a key is an error that names the first") {
    const Merged merged("a: 1\nb: 2\n\"a\": 3\na: 4\n");

    CHECK(merged.lines == Lines{"3:1 duplicate-key", "4:1 duplicate-key"});
    CHECK(merged.findings[0].message == R"("a" stands already in line 1)");
    CHECK(merged.json == R"({"a":1,"b":2})");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
