#include "tests/engine/formats/scxml_text.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

TEST_SUITE_BEGIN("formats/scxml_vocabulary");

TEST_CASE("unknown elements and attributes name the nearest known one") {
    const std::string words = test::words_of(
        read_scxml(test::scxml_of("<sate id=\"a\"/><state idd=\"b\"/>"), "f").findings);

    CHECK(words ==
          "f:2:2: error: SCXML has no element <sate>; did you mean \"state\"? [unknown-element]\n"
          "f:2:22: error: <state> has no attribute \"idd\"; did you mean \"id\"? "
          "[unknown-attribute]\n");
}

TEST_CASE("what may not stand there, is missing, empty or excludes another is an error") {
    struct Row {
        std::string_view inside;
        std::string_view code;
    };
    constexpr Row rows[] = {
        {"<raise event=\"x\"/>", "misplaced-element"},
        {"<onentry><raise/></onentry>", "missing-attribute"},
        {"<onentry><raise event=\" \"/></onentry>", "empty-attribute"},
        {"<onentry><send/></onentry>", "missing-attribute"},
        {"<onentry><cancel/></onentry>", "missing-attribute"},
        {"<onentry><send event=\"a\" eventexpr=\"'b'\"/></onentry>", "exclusive-attributes"},
        {"<onentry><send event=\"a\" delay=\"1s\" delayexpr=\"'1s'\"/></onentry>",
         "exclusive-attributes"},
        {"<onentry><send event=\"a\" delay=\"soon\"/></onentry>", "duration"},
        {"<onentry><send event=\"a\" target=\"#_internal\" delay=\"1s\"/></onentry>",
         "exclusive-attributes"},
        {"<onentry><send event=\"a\"><content>1</content><param name=\"p\" expr=\"1\"/></send>"
         "</onentry>",
         "exclusive-elements"},
        {"<onentry><script>x = 1</script></onentry>", "unsupported"},
        {"<onentry>text</onentry>", "misplaced-text"},
        {"<onentry><if cond=\"true\"><else/><elseif cond=\"true\"/></if></onentry>",
         "misplaced-element"},
        {"<transition event=\"\" target=\"a\"/>", "empty-attribute"},
        {"<transition event=\"e\" target=\"\"/>", "empty-attribute"},
        {"<transition event=\"e\" target=\"b\"/>", "unknown-target"},
        {"<transition event=\"e\" type=\"inner\"/>", "unknown-word"},
        {"<invoke/>", "exclusive-attributes"},
        {"<invoke src=\"../x.scxml\"/>", "src-outside"},
        {"<invoke src=\"http://x/y.scxml\"/>", "src-outside"},
        {"<invoke src=\"x.scxml\"/>", "src-missing"},
        {"<datamodel><data id=\"x\" src=\"/etc/passwd\"/></datamodel>", "src-outside"},
        {"<datamodel><data id=\"x\" expr=\"1\">2</data></datamodel>", "exclusive-attributes"},
        {"<datamodel><data id=\"x\"/><data id=\"x\"/></datamodel>", "duplicate-id"},
        {"<datamodel><data id=\"_event\"/></datamodel>", "reserved-name"}};
    for (const Row& row : rows) {
        CAPTURE(row.inside);
        const auto findings = test::scxml_findings(
            test::scxml_of("<state id=\"a\">" + std::string(row.inside) + "</state>"));

        REQUIRE_FALSE(findings.empty());
        CHECK(findings.front().ends_with(" " + std::string(row.code)));
    }
}

TEST_CASE("elements of other namespaces are passed over, and attributes silently") {
    CHECK(test::scxml_findings(test::scxml_of(R"(<state id="a" x:note="n"><x:draw/></state>)",
                                              R"(xmlns:x="urn:x")")) ==
          Lines{"2:27 ?foreign-element"});
}

TEST_CASE("all findings of a document are told together, in order of place") {
    CHECK(test::scxml_findings(test::scxml_of("<state id=\"a\"><foo/>\n<transition target=\"b\"/>\n"
                                              "</state><state id=\"a\"/>",
                                              "datamodel=\"ecmascript\"")) ==
          Lines{"1:73 datamodel", "2:16 unknown-element", "3:21 unknown-target",
                "4:20 duplicate-id"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
