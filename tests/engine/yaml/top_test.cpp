#include "engine/yaml/detail/top.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// A whole workflow with that line as its fourth.
std::string with_line(std::string_view line) {
    return "workflow: t\nversion: 1\nstates: { a: }\n" + std::string(line) + "\n";
}

TEST_SUITE_BEGIN("yaml/top");

TEST_CASE("a null is a role without keys, as nothing is") {
    const auto definition = test::definition_of(with_line("roles: { mentor: null, sme: }"));

    REQUIRE(definition->roles.size() == 2);
    CHECK(definition->roles[0].name == "mentor");
    CHECK(definition->roles[0].rights == "mentor");
}

TEST_CASE("the document's own words are kept") {
    const auto definition = test::definition_of(
        "workflow: export-readiness\nversion: 12\ntitle: { en: T }\ndescription: D\n"
        "timezone: Europe/Paris\ncalendar: { weekend: [fri, sat], holidays: [2027-12-25, "
        "2027-05-01] }\n"
        "meta: { x: 1 }\nstates: { a: }\n");

    CHECK(definition->name == "export-readiness");
    CHECK(definition->version == 12);
    CHECK(definition->title.variants.at(0).language == "en");
    CHECK(definition->calendar.timezone == "Europe/Paris");
    CHECK(definition->calendar.zone != nullptr);
    CHECK(definition->calendar.weekend ==
          std::array{false, false, false, false, true, true, false});
    CHECK(definition->calendar.holidays == std::vector<CivilDate>{{2027, 5, 1}, {2027, 12, 25}});
    CHECK(definition->meta == boost::json::value({{"x", 1}}));
}

TEST_CASE("a role has the rights it states, else those of its name") {
    const auto definition = test::definition_of(with_line(
        "roles: { sme: , mentor: { title: M }, juror: { rights: evaluator }, guest: {} }"));

    Lines rights;
    for (const Role& role : definition->roles) {
        rights.push_back(role.rights);
    }
    CHECK(rights == Lines{"company", "mentor", "evaluator", ""});
}

TEST_CASE("what a workflow must have and may not say is found") {
    struct Row {
        std::string text;
        Lines findings;
    };
    const Row rows[] = {
        {"{}", {"1:1 missing-key", "1:1 missing-key", "1:1 missing-key"}},
        {"- a\n", {"1:1 wrong-type"}},
        {with_line("titel: x"), {"4:1 unknown-key"}},
        {with_line("timezone: Europe/Parris"), {"4:11 timezone"}},
        {with_line("timezone: 1"), {"4:11 wrong-type"}},
        {with_line("calendar: { weekend: [caturday] }"), {"4:23 unknown-word"}},
        {with_line("calendar: { weekend: [mon, tue, wed, thu, fri, sat, sun] }"), {"4:22 weekend"}},
        {with_line("calendar: { holidays: [2027-13-01] }"), {"4:24 date"}},
        {with_line("calendar: { holiday: [] }"), {"4:13 unknown-key"}},
        {with_line("roles: { system: }"), {"4:10 reserved-name"}},
        {with_line("roles: { a-b: }"), {"4:10 name"}},
        {with_line("roles: { a: { rights: boss } }"), {"4:23 unknown-word"}},
        {with_line("roles: [a]"), {"4:8 wrong-type"}},
        {"workflow: a b\nversion: 1.5\nstates: { a: }\n", {"1:11 name", "2:10 range"}},
        {"workflow: 12\nversion: \"1\"\nstates: { a: }\n", {"1:11 wrong-type", "2:10 wrong-type"}},
        {"workflow: t\nversion: 0\nstates:\n", {"2:10 range", "3:1 wrong-type"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(test::findings_of(row.text) == row.findings);
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
