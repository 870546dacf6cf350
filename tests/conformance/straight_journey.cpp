#include "tests/conformance/straight_journey.hpp"

#include "engine/runtime/columns.hpp"

namespace sillage::test {

StraightJourney::StraightJourney(DefinitionPointer definition)
    : definition_(std::move(definition)),
      rehearsal_(*definition_,
                 {.now = journey_start, .actor = rehearsed_actor(*definition_, {}, {})}) {}

Result<void> StraightJourney::start() { return take(rehearsal_.start()); }

Result<void> StraightJourney::send(const ScriptedEvent& event) {
    return take(rehearsal_.send({.name = event.name, .data = event.data},
                                rehearsed_actor(*definition_, {}, {})));
}

Result<void> StraightJourney::advance(Duration by) {
    return take(rehearsal_.advance({.exact = by}));
}

Result<std::vector<std::string>> StraightJourney::leaves() const {
    return leaves_of(*definition_, rehearsal_.snapshot());
}

Result<void> StraightJourney::take(Performance performance) {
    if (performance.error) {
        return *std::move(performance.error);
    }
    for (Happening& happening : performance.happenings) {
        const std::uint64_t sequence = happening.step.after.sequence;
        steps_.emplace(std::pair(std::string(root_instance), sequence), std::move(happening.step));
    }
    return success();
}

}  // namespace sillage::test
