#include "engine/model/audience.hpp"

#include "tests/support/findings.hpp"

using namespace sillage;

namespace {

const Definition& evaluation() {
    static const auto definition = test::definition_of(R"(
workflow: evaluation
version: 1
roles: { sme: {}, evaluator: {} }
initial: open
states:
  open:
    initial: sheets
    states:
      sheets: {}
      third:
        tags: [hidden]
        initial: reading
        states: { reading: {} }
  frozen:
    tags: [hidden]
    initial: asked
    states: { asked: {} }
)");
    return *definition;
}

std::string shown(std::string_view id) {
    const StateIndex state = *evaluation().find_state(id);
    return evaluation().state(shown_state(evaluation(), state)).id;
}

}  // namespace

TEST_SUITE("model/audience") {
    TEST_CASE("an outsider is told of the state around a hidden one") {
        CHECK(shown("open") == "open");
        CHECK(shown("open.sheets") == "open.sheets");
        CHECK(shown("open.third") == "open");
        CHECK(shown("open.third.reading") == "open");
    }

    TEST_CASE("a hidden stage is told, what lies in it is not") {
        CHECK(shown("frozen") == "frozen");
        CHECK(shown("frozen.asked") == "frozen");
    }

    TEST_CASE("events of the engine are about concealed states by their ids") {
        for (const auto* event : {"done.state.open.third", "deadline.expired.open.third.reading",
                                  "deadline.approaching.frozen.asked", "after.open.third.PT1H"}) {
            CAPTURE(event);
            CHECK(names_concealed_state(evaluation(), event));
        }
        for (const auto* event : {"done.state.open", "after.open.sheets.P1D", "third", "after.x"}) {
            CAPTURE(event);
            CHECK_FALSE(names_concealed_state(evaluation(), event));
        }
    }
}
