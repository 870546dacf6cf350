#include "tests/engine/formats/scxml_text.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

TEST_SUITE_BEGIN("formats/scxml_document");

TEST_CASE("the data model is cel or null, and cel when nothing is said") {
    const std::string state = "<state id=\"a\"/>";

    CHECK(test::scxml_findings(test::scxml_of(state, "datamodel=\"cel\"")) == Lines{});
    CHECK(test::scxml_findings(test::scxml_of(state, "datamodel=\"null\"")) == Lines{});
    CHECK(test::scxml_findings(test::scxml_of(state)) == Lines{});
    CHECK(test::scxml_findings(test::scxml_of(state, "datamodel=\"xpath\"")) ==
          Lines{"1:73 datamodel"});
}

TEST_CASE("name and binding are the document's, the hash and the source its text's") {
    const std::string text = test::scxml_of("<state id=\"a\"/>", "name=\"tea\" binding=\"late\"");
    const auto definition = test::scxml_definition(text);

    CHECK(definition->name == "tea");
    CHECK(definition->late_binding);
    CHECK(definition->source == text);
    CHECK(definition->hash.starts_with("sha256:"));
    CHECK(definition->roles.empty());
}

TEST_CASE("another outermost element, another version and another binding are errors") {
    CHECK(test::scxml_findings("<state id=\"a\"/>") == Lines{"1:2 unknown-element"});
    CHECK(test::scxml_findings("<scxml xmlns=\"urn:x\"/>") == Lines{"1:2 unknown-element"});
    CHECK(test::scxml_findings("<scxml version=\"2.0\"><state id=\"a\"/></scxml>") ==
          Lines{"1:17 version"});
    CHECK(test::scxml_findings(test::scxml_of("<state id=\"a\"/>", "binding=\"soon\"")) ==
          Lines{"1:71 unknown-word"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
