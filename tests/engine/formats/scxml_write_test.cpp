#include "engine/formats/scxml_write.hpp"

#include <pugixml.hpp>

#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

/// The document of a workflow with these lines, which must be well-formed.
pugi::xml_document document_of(const std::string& lines) {
    const auto definition = test::definition_of(
        "workflow: t\nversion: 2\nroles: { sme: {} }\n"
        "context: { n: { type: integer, default: 1 } }\n" +
        lines);
    pugi::xml_document document;
    REQUIRE(document.load_string(to_scxml(*definition).c_str()));
    return document;
}

std::string text_at(const pugi::xml_document& document, const char* path) {
    const auto found = document.select_node(path);
    return found.attribute() ? found.attribute().value() : found.node().text().get();
}

TEST_SUITE_BEGIN("formats/scxml_write");

TEST_CASE("a workflow says which version it is, and its context stands as data") {
    const auto document = document_of("states: { a: }\n");

    CHECK(text_at(document, "/scxml/@name") == "t");
    CHECK(text_at(document, "/scxml/@sillage:version") == "2");
    CHECK(text_at(document, "/scxml/@datamodel") == "cel");
    CHECK(text_at(document, "/scxml/@initial") == "a");
    CHECK(text_at(document, "//data[@id='n']/@expr") == "1");
    CHECK(text_at(document, "//data/sillage:field") == R"({"type":"integer","default":1})");
}

TEST_CASE("a root with behaviour of its own is wrapped in a state") {
    const auto document =
        document_of("on: { go: { by: sme, target: b } }\nstates: { _workflow: , b: }\n");

    CHECK(text_at(document, "/scxml/@initial") == "_workflow_");
    CHECK(text_at(document, "/scxml/state/@sillage:root") == "true");
    CHECK(text_at(document, "/scxml/state/initial/transition/@target") == "_workflow");
    CHECK(text_at(document, "/scxml/state/transition/@type") == "internal");
    CHECK(text_at(document, "/scxml/state/state[2]/@id") == "b");
}

TEST_CASE("what SCXML has is said in SCXML") {
    const auto document = document_of(
        "states:\n"
        "  a:\n"
        "    entry:\n"
        "      - if: n < 1\n"
        "        then: [raise: x]\n"
        "        else: [{ if: n < 2, then: [log: 1], else: [log: two] }]\n"
        "      - send: { event: s, after: 90s, id: i, to: parent, data: { k: \"${n}\", l: [1] } }\n"
        "      - raise: { event: r, data: \"${n}\" }\n"
        "      - assign: { n: 2 }\n"
        "    on: { go: { by: sme, guard: n > 1, target: b } }\n"
        "  b: { type: final, output: { k: 1 } }\n");

    CHECK(text_at(document, "//if/elseif/@cond") == "n < 2");
    CHECK(text_at(document, "//if/log[2]/@expr") == "\"two\"");
    CHECK(text_at(document, "//send[@event='s']/@delay") == "90s");
    CHECK(text_at(document, "//send[@event='s']/@target") == "#_parent");
    CHECK(text_at(document, "//send[@event='s']/param[2]/@expr") == "[1]");
    CHECK(text_at(document, "//send[@event='r']/@target") == "#_internal");
    CHECK(text_at(document, "//send[@event='r']/content/@expr") == "n");
    CHECK(text_at(document, "//assign/@location") == "n");
    CHECK(text_at(document, "//transition/@cond") == "n > 1");
    CHECK(text_at(document, "//donedata/param/@name") == "k");
}

TEST_CASE("what it has not stands in elements of ours, as JSON") {
    const auto document = document_of(
        "states:\n"
        "  a:\n"
        "    title: \"<a> & \\\"b\\\"\"\n"
        "    deadline: { within: 10 days, target: b }\n"
        "    after: { 1 week: b }\n"
        "    entry:\n"
        "      - assign: { n: 1 }\n"
        "      - send: { event: s, after: 3 working days }\n"
        "      - log: \"at ${n}\"\n"
        "      - emit: { type: t }\n"
        "    on: { go: { by: sme, guard: [{ check: n > 1, otherwise: No }, { check: n < 9 }] } }\n"
        "  b:\n");

    CHECK(text_at(document, "//state/sillage:title") == R"("<a> & \"b\"")");
    CHECK(text_at(document, "//sillage:deadline") == R"({"within":"10 days"})");
    CHECK(text_at(document, "//transition[@event='deadline.expired.a']/@target") == "b");
    CHECK(text_at(document, "//sillage:after") == R"(["7 days"])");
    CHECK(text_at(document, "//transition[@event='after.a.P7D']/@target") == "b");
    CHECK(text_at(document, "//sillage:send") == R"({"event":"s","after":"3 working days"})");
    CHECK(text_at(document, "//sillage:log") == "\"at ${n}\"");
    CHECK(text_at(document, "//sillage:emit") == R"({"type":"t"})");
    CHECK(text_at(document, "//transition/@cond") == "(n > 1) && (n < 9)");
    CHECK(text_at(document, "//sillage:guard") ==
          R"([{"check":"n > 1","otherwise":"No"},{"check":"n < 9"}])");
    CHECK(text_at(document, "//sillage:by") == R"(["sme"])");
}

TEST_CASE("a definition of plain SCXML is its own document") {
    Definition definition;
    definition.dialect = Dialect::scxml;
    definition.source = "<scxml/>";

    CHECK(to_scxml(definition) == "<scxml/>");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
