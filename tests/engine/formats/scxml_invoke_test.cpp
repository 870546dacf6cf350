#include "tests/engine/formats/scxml_text.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

const std::string child = test::scxml_of("<final id=\"done\"/>");

TEST_SUITE_BEGIN("formats/scxml_invoke");

TEST_CASE("a document inside an invoke is a definition of its own") {
    const auto definition = test::scxml_definition(test::scxml_of(
        "<state id=\"s\"><invoke id=\"c\" autoforward=\"true\"><param name=\"p\" expr=\"1\"/>"
        "<finalize/><content>" +
        child + "</content></invoke></state>"));
    const Invoke& invoke = definition->state(1).invokes.front();

    CHECK(invoke.id == "c");
    CHECK(invoke.forward);
    CHECK(invoke.finalize);
    REQUIRE(invoke.inlined == std::size_t{0});
    CHECK(definition->inlined[0]->state(1).id == "done");
    CHECK(definition->inlined[0]->hash == definition->hash + "#0");
}

TEST_CASE("what src names is kept inside, so that the definition reads again without files") {
    const std::string text = test::scxml_of(
        "<state id=\"s\"><invoke src=\"file:parts/c.scxml\"/><invoke srcexpr=\"'d.scxml'\"/>"
        "</state>");
    const std::string nested =
        test::scxml_of("<datamodel><data id=\"x\" src=\"x.txt\"/></datamodel><final id=\"f\"/>");
    const auto first = test::scxml_definition(
        text,
        test::files({{"parts/c.scxml", nested}, {"parts/x.txt", "a\nb"}, {"d.scxml", child}}));
    const auto again = test::scxml_definition(first->source);

    CHECK(first->inlined_paths == Lines{"parts/c.scxml", "d.scxml"});
    CHECK(again->hash == first->hash);
    CHECK(again->inlined_paths == first->inlined_paths);
    CHECK(std::get<boost::json::value>(again->inlined[0]->state(0).data[0].value->node) == "a b");
    CHECK(again->state(1).place == first->state(1).place);
}

TEST_CASE("a document that invokes itself by src would never end") {
    const std::string text = test::scxml_of("<state id=\"s\"><invoke src=\"a.scxml\"/></state>");
    const auto findings = test::scxml_findings(text, test::files({{"a.scxml", text}}));

    CHECK(findings.size() == 2);
    CHECK(findings.front().ends_with(" src-unreadable"));
    CHECK(findings.back().ends_with(" src-cycle"));
}

TEST_CASE("an unknown type can be read, and is said to fail") {
    CHECK(test::scxml_findings(test::scxml_of(
              "<state id=\"s\"><onentry><send event=\"e\" type=\"27\"/></onentry><invoke "
              "type=\"soap\"><content>" +
              child + "</content></invoke></state>")) ==
          Lines{"2:46 ?unsupported", "2:75 ?unsupported"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
