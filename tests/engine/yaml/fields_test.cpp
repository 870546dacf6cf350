#include "engine/yaml/detail/fields.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// A workflow with that context; each line of it is one of the file's from the fourth on.
std::string with_context(std::string_view context) {
    return "workflow: t\nversion: 1\ncontext:\n" + std::string(context) + "\nstates: { a: }\n";
}

TEST_SUITE_BEGIN("yaml/fields");

TEST_CASE("a field has the JSON Schema words that were written") {
    const auto definition = test::definition_of(with_context(R"(
  n: { type: number, exclusiveMinimum: 0, maximum: 9.5, default: 1 }
  s: { type: string, minLength: 1, maxLength: 5, pattern: "^a", enum: [a, ab], title: { en: S } }
  l: { type: array, items: { type: object, properties: { d: { format: date } } } })"));

    const auto& fields = definition->context;
    REQUIRE(fields.size() == 3);
    CHECK(fields[0].schema.type == SchemaType::number);
    CHECK(fields[0].schema.exclusive_minimum == 0.0);
    CHECK(fields[0].schema.maximum == 9.5);
    CHECK(fields[0].schema.default_value == boost::json::value(1));
    CHECK(fields[1].schema.min_length == 1U);
    CHECK(fields[1].schema.max_length == 5U);
    CHECK(fields[1].schema.compiled_pattern != nullptr);
    CHECK(fields[1].schema.enumeration.size() == 2);
    CHECK(fields[1].schema.title.variants.at(0).language == "en");
    REQUIRE(fields[2].schema.items != nullptr);
    CHECK(fields[2].schema.items->properties.at(0).schema.format == SchemaFormat::date);
    CHECK(fields[0].place == Place{5, 3});
}

TEST_CASE("names of fields are neither odd nor words of the expression language") {
    CHECK(test::findings_of(with_context("  a-b: { type: string }")) == Lines{"4:3 name"});
    CHECK(test::findings_of(with_context("  1a: { type: string }")) == Lines{"4:3 name"});
    for (const std::string word : {"in", "now", "event", "package", "working_days"}) {
        CAPTURE(word);
        CHECK(test::findings_of(with_context("  " + word + ": { type: string }")) ==
              Lines{"4:3 reserved-name"});
    }
}

TEST_CASE("words that are unknown, ill-typed or contradict each other are found in their place") {
    struct Row {
        std::string field;
        std::string finding;
    };
    const Row rows[] = {
        {"{ typ: string }", "4:8 unknown-key"},
        {"{ type: strng }", "4:14 unknown-word"},
        {"{ type: string, format: dat }", "4:30 unknown-word"},
        {"{ type: integer, minimum: low }", "4:32 wrong-type"},
        {"{ type: string, minLength: -1 }", "4:33 range"},
        {"{ type: string, pattern: \"(\" }", "4:31 pattern"},
        {"{ type: integer, default: x }", "4:32 schema"},
        {"{ type: integer, minimum: 5, maximum: 1 }", "4:44 schema"},
        {"{ type: string, required: true }", "4:22 unknown-key"},
        {"{ enum: [] }", "4:14 empty-list"},
        {"{ visible_to: [nobody] }", "4:21 unknown-role"},
        {"integer", "4:6 wrong-type"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.field);
        CHECK(test::findings_of(with_context("  a: " + row.field)) == Lines{row.finding});
    }
}

TEST_CASE("a form's fields may be required") {
    const auto definition = test::definition_of(
        "workflow: t\nversion: 1\nroles: { sme: }\nstates:\n"
        "  a: { on: { go: { by: sme, form: { x: { type: string, required: true }, y: {} } } } }\n");

    const auto& form = definition->transitions[0].form;
    REQUIRE(form.has_value());
    CHECK(form->at(0).required);
    CHECK_FALSE(form->at(1).required);
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
