#include "tests/engine/formats/scxml_text.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

boost::json::value literal_of(const DataElement& data) {
    REQUIRE(data.value);
    return std::get<boost::json::value>(data.value->node);
}

TEST_SUITE_BEGIN("formats/scxml_data");

TEST_CASE("what stands in data is JSON if it can be, else text with its white space normalised") {
    const auto definition = test::scxml_definition(
        test::scxml_of(
            "<datamodel><data id=\"a\"> [1, 2] </data><data id=\"b\">this  is\n text</data>"
            "<data id=\"c\"/><data id=\"d\"><x xmlns=\"\"><y/></x></data>"
            "<data id=\"e\" src=\"file:e.json\"/></datamodel><state id=\"s\"/>"),
        test::files({{"e.json", "{\"k\": 1}"}}));
    const auto& data = definition->state(0).data;

    REQUIRE(data.size() == 5);
    CHECK(literal_of(data[0]) == boost::json::array{1, 2});
    CHECK(literal_of(data[1]) == "this is text");
    CHECK_FALSE(data[2].value);
    CHECK(literal_of(data[3]).as_string().starts_with("<x"));
    CHECK(literal_of(data[4]) == boost::json::object{{"k", 1}});
}

TEST_CASE("loops declare the variables that nobody else does") {
    const auto definition = test::scxml_definition(test::scxml_of(
        "<datamodel><data id=\"list\" expr=\"[1]\"/></datamodel><state id=\"s\"><onentry><foreach "
        "array=\"list\" item=\"x\" index=\"i\"><log expr=\"x + i\"/></foreach></onentry></state>"));

    REQUIRE(definition->context.size() == 3);
    CHECK(definition->context[1].name == "x");
    CHECK(definition->context[2].name == "i");
}

TEST_CASE("an expression that cannot be run and a place that cannot be set are warnings") {
    CHECK(test::scxml_findings(test::scxml_of(
              "<state id=\"s\"><onentry><assign location=\"nowhere\" expr=\"1\"/>\n<assign "
              "location=\"_event\" expr=\"1\"/>\n<log expr=\"return\"/>\n<if cond=\"nobody\"/>"
              "<send event=\"e\" namelist=\"x y\"/></onentry></state>")) ==
          Lines{"2:42 ?unknown-field", "3:19 ?system-variable", "4:12 ?syntax",
                "5:11 ?unknown-name", "5:46 ?unknown-name", "5:48 ?unknown-name"});
}

TEST_CASE("the system variables and In() are in scope") {
    CHECK(
        test::scxml_findings(test::scxml_of(
            "<state id=\"s\"><transition cond=\"_event.name == _name &amp;&amp; In('s') &amp;&amp; "
            "_sessionid != '' &amp;&amp; 'scxml' in _ioprocessors\"/></state>")) == Lines{});
}

TEST_CASE("payloads are named values or one content") {
    const auto definition = test::scxml_definition(test::scxml_of(
        "<datamodel><data id=\"x\"/></datamodel><final id=\"f\"><donedata><param name=\"p\" "
        "location=\"x\"/></donedata></final><final id=\"g\"><donedata><content>21</content>"
        "</donedata></final><final id=\"h\"><donedata/></final>"));

    const auto& members = std::get<ValueTemplate::Members>(definition->state(1).output->node);
    CHECK(members.front().first == "p");
    CHECK(std::get<boost::json::value>(definition->state(2).output->node) == 21);
    CHECK_FALSE(definition->state(3).output);
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
