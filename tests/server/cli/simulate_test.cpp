#include "server/cli/simulate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "server/cli/commands.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

constexpr auto workflow = R"(workflow: door
version: 1
roles: { guest: {}, host: {} }
context: { knocks: { type: integer, default: 0 } }
initial: shut
states:
  shut:
    title: Shut
    waiting_for: guest
    deadline: { within: 2 days, target: gone }
    on:
      knock:
        by: guest
        form: { times: { type: integer, required: true } }
        actions: [{ assign: { knocks: "${knocks + event.data.times}" } }]
      open: { by: host, target: open }
  open: { type: final, title: Open }
  gone: { title: Gone }
)";

struct Outcome {
    int status = 0;
    std::string output;
    std::string complaint;
};

/// Has two doors, each an instance of its own.
constexpr auto house = R"(workflow: house
version: 1
roles: { guest: {}, host: {} }
initial: doors
states:
  doors:
    invoke: { workflow: door, id: doors, each: "${[1, 2]}", input: { knocks: "${item}" } }
    on: { doors.opened: {} }
)";

/// What `sillage simulate` prints with these words, and this on standard input.
Outcome simulate(const std::vector<std::string>& words, const std::string& input = "",
                 const std::string& name = "door.yaml") {
    const test::TemporaryFolder folder;
    const std::string file = (folder.path() / name).string();
    std::ofstream(folder.path() / "door.yaml") << workflow;
    std::ofstream(folder.path() / "house.yaml") << house;
    std::vector<std::string> all{"sillage", "simulate", file};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<const char*> arguments;
    for (const std::string& word : all) {
        arguments.push_back(word.c_str());
    }
    std::istringstream in(input);
    std::ostringstream output;
    std::ostringstream complaint;
    std::streambuf* const read = std::cin.rdbuf(in.rdbuf());
    std::streambuf* const out = std::cout.rdbuf(output.rdbuf());
    std::streambuf* const err = std::cerr.rdbuf(complaint.rdbuf());
    const int status = run_command_line(static_cast<int>(arguments.size()), arguments.data());
    std::cin.rdbuf(read);
    std::cout.rdbuf(out);
    std::cerr.rdbuf(err);
    return {status, output.str(), complaint.str()};
}

}  // namespace

TEST_SUITE("cli/simulate") {
    TEST_CASE("children are found beside the file, shown, and acted on by their ids") {
        const Outcome outcome = simulate({"--json"},
                                         R"({"event":"open","to":"doors.1"})"
                                         "\n"
                                         R"({"event":"open","to":"doors.7"})"
                                         "\n",
                                         "house.yaml");

        CHECK(outcome.status == 0);
        CHECK(outcome.output.find(
                  R"("children":[{"id":"doors.0","workflow":"door","configuration":["shut"],)"
                  R"("done":false},{"id":"doors.1","workflow":"door","configuration":["shut"],)"
                  R"("done":false}])") != std::string::npos);
        CHECK(outcome.output.find(
                  R"({"id":"doors.1","workflow":"door","configuration":["open"],"done":true})") !=
              std::string::npos);
        CHECK(outcome.output.find("There is no child \\\"doors.7\\\".") != std::string::npos);
        const Outcome told = simulate({"+3 days"}, "", "house.yaml");
        CHECK(told.output.find(" in doors.0 2027-01-03T00:00:00.000Z deadline.expired.shut\n") !=
              std::string::npos);
        CHECK(told.output.find("   doors.0 (door) = gone\n") != std::string::npos);
    }

    TEST_CASE("the story is told event by event, with where things stand") {
        const Outcome outcome = simulate({"knock:{\"times\":2}", "+1 day", "open"});

        CHECK(outcome.status == 0);
        CHECK(outcome.output ==
              "start  (2027-01-01T00:00:00.000Z)\n"
              "  enter shut\n"
              "  timer deadline.expired.shut due=2027-01-03T00:00:00.000Z\n"
              " = shut · Shut · waiting for guest · due 2027-01-03T00:00:00.000Z\n"
              " = {\"knocks\":0}\n"
              "\n"
              "knock:{\"times\":2}  (2027-01-01T00:00:00.000Z)\n"
              "  take shut knock\n"
              "  set knocks = 2\n"
              " = shut · Shut · waiting for guest · due 2027-01-03T00:00:00.000Z\n"
              " = {\"knocks\":2}\n"
              "\n"
              "+1 day  (2027-01-01T00:00:00.000Z)\n"
              " = shut · Shut · waiting for guest · due 2027-01-03T00:00:00.000Z\n"
              " = {\"knocks\":2}\n"
              "\n"
              "open  (2027-01-02T00:00:00.000Z)\n"
              "  exit shut\n"
              "  cancel deadline.expired.shut\n"
              "  take shut open -> open\n"
              "  enter open\n"
              "  exit open\n"
              " = open · Open · done\n"
              " = {\"knocks\":2}\n"
              "\n");
    }

    TEST_CASE("--as takes the role of whoever acts") {
        const Outcome outcome = simulate({"--as", "guest", "open"});

        CHECK(outcome.status == 0);
        CHECK(outcome.output.find("  refused role: Only host may do this.\n") != std::string::npos);
    }

    TEST_CASE("with --json every line of input has a line of output") {
        const Outcome outcome = simulate({"--json"}, "{\"event\":\"open\"}\nnot json\n");

        CHECK(outcome.status == 0);
        CHECK(std::ranges::count(outcome.output, '\n') == 3);
    }

    TEST_CASE("words that make no sense are a mistake of usage") {
        for (const auto& words : std::vector<std::vector<std::string>>{
                 {"--at", "tomorrow"}, {"--context", "[]"}, {"--json", "knock:{"}, {"+soon"}}) {
            CAPTURE(words.front());
            const Outcome outcome = simulate(words);
            CHECK(outcome.status == 2);
            CHECK_FALSE(outcome.complaint.empty());
        }
    }

    TEST_CASE("a start with values that fit no field is an error") {
        CHECK(simulate({"--context", R"({"knocks":"two"})"}).status == 1);
        CHECK(simulate({"--json", "--context", R"({"knocks":"two"})"}).status == 1);
    }
}

}  // namespace sillage::server
