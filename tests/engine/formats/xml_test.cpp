#include "tests/engine/formats/scxml_text.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

TEST_SUITE_BEGIN("formats/xml");

TEST_CASE("what is not well-formed is found where it is") {
    CHECK(test::scxml_findings("<scxml><state></scxml>") == Lines{"1:17 syntax"});
    CHECK(test::scxml_findings("<scxml/><scxml/>") == Lines{"1:10 syntax"});
    CHECK(test::scxml_findings("<!-- nothing -->").size() == 1);
    CHECK(test::scxml_findings("") != Lines{});
}

TEST_CASE("a document type declaration is refused, so no entity is ever defined") {
    const std::string bomb =
        "<!DOCTYPE scxml [<!ENTITY a \"aaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>\n"
        "<scxml><state id=\"a\"/></scxml>";
    const auto findings = test::scxml_findings(bomb);

    REQUIRE(findings.size() == 1);
    CHECK(findings.front().ends_with(" doctype"));
}

TEST_CASE("references that XML does not know are errors outside CDATA and comments") {
    CHECK(test::scxml_findings(test::scxml_of(R"(<state id="a&xxe;"/>)")) == Lines{"2:13 entity"});
    CHECK(test::scxml_findings(test::scxml_of("<!-- &xxe; --><state id=\"a\"/>")) == Lines{});
    CHECK(test::scxml_findings(test::scxml_of("<state id=\"a&#0;\"/>")) == Lines{"2:13 entity"});
    CHECK(test::scxml_findings(test::scxml_of("<state id=\"a&#x41;&amp;\"/>")) == Lines{});
}

TEST_CASE("elements are nested 32 levels deep at most") {
    const auto nested = [](std::size_t levels) {
        std::string open;
        std::string close;
        for (std::size_t i = 0; i < levels; ++i) {
            open += "<state id=\"s" + std::to_string(i) + "\">";
            close += "</state>";
        }
        return test::scxml_of(open + close);
    };

    CHECK(test::scxml_findings(nested(31)) == Lines{});
    CHECK(test::scxml_findings(nested(32)).size() == 1);
    CHECK(test::scxml_findings(nested(32)).front().ends_with(" too-deep"));
}

TEST_CASE("an attribute that stands twice and a prefix that nobody declares are errors") {
    CHECK(test::scxml_findings(test::scxml_of(R"(<state id="a" id="b"/>)")) ==
          Lines{"2:15 duplicate-attribute"});
    CHECK(test::scxml_findings(test::scxml_of(R"(<state id="a" x:y="b"/>)")) ==
          Lines{"2:15 prefix"});
}

TEST_CASE("places count code points, and entities as they are written") {
    CHECK(test::scxml_findings(test::scxml_of(
              R"(<state id="é"><transition event="e" cond="1 &lt; nope" target="é"/></state>)")) ==
          Lines{"2:50 ?unknown-name"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
