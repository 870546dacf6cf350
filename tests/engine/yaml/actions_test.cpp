#include "engine/yaml/detail/actions.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/findings.hpp"

namespace sillage {
namespace {

using Lines = std::vector<std::string>;

/// A workflow whose state `a` runs that action on entry; it begins in 9:11.
std::string with_action(std::string_view action) {
    return "workflow: t\nversion: 1\nroles: { sme: }\n"
           "context:\n  n: { type: integer, maximum: 9 }\n"
           "  o: { type: object, properties: { x: { type: string } } }\n"
           "  l: { type: array, items: { type: integer } }\n"
           "states:\n  a: { entry: [ " +
           std::string(action) + " ], deadline: { within: 1 day } }\n  b:\n";
}

Action action_of(std::string_view action) {
    return test::definition_of(with_action(action))->states[1].entry.at(0).at(0);
}

TEST_SUITE_BEGIN("yaml/actions");

TEST_CASE("assign sets paths of the context") {
    const auto assign = std::get<Assign>(action_of("assign: { n: 1, o.x: \"${string(n)}\" }").node);

    REQUIRE(assign.items.size() == 2);
    CHECK(assign.items[0].path == Lines{"n"});
    CHECK(assign.items[1].path == Lines{"o", "x"});
    CHECK(std::get<Expression>(assign.items[1].value.node).text == "string(n)");
}

TEST_CASE("raise and send name an event and its data") {
    CHECK(std::get<Raise>(action_of("raise: go").node).event == "go");
    CHECK(std::get<boost::json::value>(
              std::get<Raise>(action_of("raise: { event: go, data: { x: 1 } }").node).data.node) ==
          boost::json::value({{"x", 1}}));
    const auto send =
        std::get<SendAction>(action_of("send: { event: ping, after: 2 hours, id: p1 }").node);
    CHECK(std::get<boost::json::value>(send.event.node) == boost::json::value("ping"));
    CHECK(std::get<CalendarDuration>(*send.after).exact.milliseconds == 7'200'000);
    CHECK(std::get<boost::json::value>(send.id.node) == boost::json::value("p1"));
    CHECK(std::get<boost::json::value>(send.to.node) == boost::json::value(nullptr));
}

TEST_CASE("extend finds the state by id and takes a duration or an instant") {
    const auto by = std::get<Extend>(action_of("extend: { state: a, by: 3 days }").node);
    const auto to = std::get<Extend>(action_of("extend: { state: a, to: now }").node);
    const auto to_in_braces =
        std::get<Extend>(action_of("extend: { state: a, to: \"${now}\" }").node);

    CHECK(by.state == 1);
    CHECK(std::get<CalendarDuration>(*by.by).days == 3);
    CHECK(to.to->text == "now");
    CHECK(to_in_braces.to->text == "now");
}

TEST_CASE("emit, notify, log and cancel keep what they say") {
    CHECK(std::get<EmitAction>(action_of("emit: { type: sme.ready, data: 1 }").node).type ==
          "sme.ready");
    const auto notify =
        std::get<NotifyAction>(action_of("notify: { role: sme, text: \"{n}\" }").node);
    CHECK(notify.role == "sme");
    CHECK(std::get<Expression>(notify.text.variants.at(0).pieces.at(0)).text == "n");
    CHECK(std::holds_alternative<CancelAction>(action_of("cancel: p1").node));
    CHECK(action_of("log: x").place == Place{9, 17});
}

TEST_CASE("if and foreach hold blocks, and the loop's names are known inside it alone") {
    const auto choice = std::get<IfAction>(
        action_of("{ if: n > 1, then: [ log: 1, log: 2 ], else: [ log: 3 ] }").node);
    const auto loop = std::get<ForEachAction>(
        action_of(
            "{ foreach: { in: l, as: one, index: i }, do: [ assign: { n: \"${one + i}\" } ] }")
            .node);

    CHECK(choice.then.size() == 2);
    CHECK(choice.otherwise.size() == 1);
    CHECK(loop.as == "one");
    CHECK(loop.index == "i");
    CHECK(loop.as_slot != loop.index_slot);
    CHECK(loop.body.size() == 1);
    CHECK(test::findings_of(with_action("{ foreach: { in: l, as: one }, do: [] }, log: \"${one}\""))
              .size() == 1);
    CHECK(
        test::findings_of(with_action("{ foreach: { in: l, as: one }, do: [ log: \"${one.x}\" ] }"))
            .size() == 1);
}

TEST_CASE("what an action may not say is found") {
    struct Row {
        std::string action;
        std::string finding;
    };
    const Row rows[] = {
        {"assing: { n: 1 }", "9:17 unknown-key"},
        {"assign: { m: 1 }", "9:27 unknown-field"},
        {"assign: { o.y: 1 }", "9:27 unknown-field"},
        {"assign: { n.y: 1 }", "9:27 unknown-field"},
        {"assign: { n: 10 }", "9:30 ?assign-mismatch"},
        {"assign: { n..x: 1 }", "9:27 name"},
        {"raise: done.x", "9:24 reserved-event"},
        {"raise: a b", "9:24 name"},
        {"raise: { data: 1 }", "9:24 missing-key"},
        {"send: ping", "9:23 wrong-type"},
        {"send: { event: $x }", "9:32 reserved-event"},
        {"send: { event: x, after: soon }", "9:42 duration"},
        {"extend: { state: a }", "9:25 missing-key"},
        {"extend: { state: b, by: 1 day }", "9:34 no-deadline"},
        {"emit: { data: 1 }", "9:23 missing-key"},
        {"notify: { role: you, text: x }", "9:33 unknown-role"},
        {"{ if: n, then: [] }", "9:23 type-mismatch"},
        {"{ if: n > 1 }", "9:17 missing-key"},
        {"{ foreach: { in: n, as: x }, do: [] }", "9:34 type-mismatch"},
        {"{ foreach: { in: l, as: now }, do: [] }", "9:41 reserved-name"},
        {"{ log: 1, raise: x }", "9:27 several-actions"},
        {"{ log: 1, then: [] }", "9:27 unknown-key"},
        {"log", "9:17 wrong-type"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.action);
        CHECK(test::findings_of(with_action(row.action)) == Lines{row.finding});
    }
}

TEST_CASE("a block is a list") {
    const std::string text = "workflow: t\nversion: 1\nstates: { a: { entry: { log: x } } }\n";

    CHECK(test::findings_of(text) == Lines{"3:23 wrong-type"});
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
