#include "server/cli/simulation_lines.hpp"

#include "engine/base/json.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

constexpr auto workflow = R"(workflow: door
version: 1
roles: { guest: {}, host: {} }
context: { knocks: { type: integer, default: 0 } }
initial: hall
states:
  hall:
    initial: shut
    states:
      shut:
        deadline: { within: 2 days, remind: [1 day], target: "#gone" }
        on:
          knock:
            by: guest
            actions: [{ assign: { knocks: "${knocks + 1}" } }, { send: { event: heard } }]
          heard: { by: system, actions: [log: heard] }
          enter: { by: host, guard: knocks > 0, otherwise: "Nobody has knocked.", target: "#in" }
          spin: a
      a: { always: b }
      b: { always: a }
  in: { id: in, type: final }
  gone: { id: gone }
)";

/// A simulation of the door, and its answers as JSON.
struct Door {
    std::shared_ptr<const Definition> definition = test::definition_of(workflow);
    Rehearsal rehearsal{*definition, {.now = Instant{0}, .languages = {"en"}}};
    SimulationLines lines{rehearsal, {}};

    boost::json::object start() { return read(lines.start()); }
    boost::json::object answer(std::string_view line) { return read(lines.answer(line)); }

    static boost::json::object read(const std::string& line) {
        return test::ok(parse_json(line)).get_object();
    }
};

std::string text_of(const boost::json::object& answer, std::string_view name) {
    return to_json_text(answer.at(name));
}

}  // namespace

TEST_SUITE("cli/simulation_lines") {
    TEST_CASE("the first line shows the instance as it started") {
        Door door;

        CHECK(door.lines.start() ==
              R"({"configuration":["hall.shut"],"active":["hall","hall.shut"],)"
              R"("context":{"knocks":0},"taken":[],"effects":[)"
              R"({"kind":"start_timer","id":1,"timer":"reminder",)"
              R"("event":"deadline.approaching.hall.shut","state":"hall.shut",)"
              R"("due":"1970-01-02T00:00:00.000Z"},)"
              R"({"kind":"start_timer","id":2,"timer":"deadline",)"
              R"("event":"deadline.expired.hall.shut","state":"hall.shut",)"
              R"("due":"1970-01-03T00:00:00.000Z"}],)"
              R"("now":"1970-01-01T00:00:00.000Z","done":false,"blockers":[],"error":null})");
    }

    TEST_CASE("after an undelayed send the line shows the last state, taken and effects of all") {
        Door door;
        door.start();

        const auto answer = door.answer(R"({"event":"knock"})");

        CHECK(text_of(answer, "taken") ==
              R"([{"source":"hall.shut","event":"knock","targets":[]},)"
              R"({"source":"hall.shut","event":"heard","targets":[]}])");
        CHECK(text_of(answer, "context") == R"({"knocks":1})");
        CHECK(answer.at("effects").as_array().size() == 2);
    }

    TEST_CASE("a refused event has blockers and changes nothing") {
        Door door;
        door.start();

        const auto by_rule = door.answer(R"({"event":"enter","by":["host"],"actor":"h"})");
        const auto by_role = door.answer(R"({"event":"enter","by":"guest"})");

        CHECK(text_of(by_rule, "blockers") ==
              R"([{"code":"guard","rule":"knocks > 0","message":"Nobody has knocked.",)"
              R"("values":{"knocks":0},"state":"hall.shut"}])");
        CHECK(text_of(by_rule, "error") == "null");
        CHECK(by_role.at("blockers").at(0).at("code") == "role");
    }

    TEST_CASE("an actor may hold no role at all") {
        Door door;
        door.start();

        const auto answer = door.answer(R"({"event":"knock","by":[]})");

        CHECK(answer.at("blockers").at(0).at("code") == "role");
        CHECK(text_of(answer, "taken") == "[]");
    }

    TEST_CASE("time passes timer by timer") {
        Door door;
        door.start();

        const auto answer = door.answer(R"({"advance":"P3D"})");

        CHECK(text_of(answer, "taken") ==
              R"([{"source":"hall.shut","event":"deadline.expired.hall.shut",)"
              R"("targets":["gone"]}])");
        CHECK(text_of(answer, "now") == R"("1970-01-04T00:00:00.000Z")");
    }

    TEST_CASE("an explanation names every candidate and does nothing") {
        Door door;
        door.start();

        const auto answer = door.answer(R"({"explain":"enter"})");

        CHECK(text_of(answer, "accepted") == "false");
        CHECK(answer.at("candidates").as_array().size() == 1);
        const boost::json::object& candidate = answer.at("candidates").at(0).as_object();
        CHECK(candidate.at("verdict") == "refused");
        CHECK(candidate.at("role").at("ok") == true);
        CHECK(text_of(candidate, "form") == R"({"ok":true,"problems":[]})");
        CHECK(text_of(candidate, "guard") ==
              R"([{"check":"knocks > 0","ok":false,"error":null,"values":{"knocks":0},)"
              R"("sentence":"Nobody has knocked."}])");
        CHECK(text_of(candidate, "preempted_by") == "null");
        CHECK(answer.at("blockers").as_array().size() == 1);
        CHECK(text_of(answer, "configuration") == R"(["hall.shut"])");
    }

    TEST_CASE("an incident is an error by its name") {
        Door door;
        door.start();

        const auto answer = door.answer(R"({"event":"spin"})");

        CHECK(answer.at("error").at("code") == "microstep_limit");
        CHECK(text_of(answer, "configuration") == R"(["hall.shut"])");
    }

    TEST_CASE("once ended, the final state is still shown") {
        Door door;
        door.start();
        door.answer(R"({"event":"knock"})");

        const auto answer = door.answer(R"({"event":"enter"})");

        CHECK(text_of(answer, "done") == "true");
        CHECK(text_of(answer, "configuration") == R"(["in"])");
    }

    TEST_CASE("a line that cannot be read is answered, and reading goes on") {
        Door door;
        door.start();
        for (const auto* line :
             {"", "knock", "[]", "{}", R"({"event":1})", R"({"event":"knock","advance":"1 day"})",
              R"({"event":"knock","dota":{}})", R"({"advance":"a while"})",
              R"({"event":"knock","by":1})", R"({"event":"knock","event":"knock"})"}) {
            CAPTURE(line);
            const auto answer = door.answer(line);
            CHECK(answer.at("error").is_object());
            CHECK(text_of(answer, "context") == R"({"knocks":0})");
        }
        CHECK(text_of(door.answer(R"({"event":"knock"})"), "error") == "null");
    }
}

}  // namespace sillage::server
