#include "tests/conformance/straight_journey.hpp"

#include "engine/runtime/columns.hpp"
#include "tests/support/prediction.hpp"

namespace sillage::test {

StraightJourney::StraightJourney(DefinitionPointer definition)
    : definition_(std::move(definition)),
      rehearsal_(*definition_,
                 {.now = journey_start, .actor = rehearsed_actor(*definition_, {}, {})}) {}

Result<void> StraightJourney::start() { return take(rehearsal_.start()); }

Result<void> StraightJourney::send(const ScriptedEvent& scripted) {
    const Event event{.name = scripted.name, .data = scripted.data};
    const Actor actor = rehearsed_actor(*definition_, {}, {});
    const auto enabled =
        predicted(explain(*definition_, rehearsal_.snapshot(), rehearsal_.input_for(event, actor)));
    Performance performance = rehearsal_.send(event, actor);
    if (!enabled.empty() &&
        (performance.happenings.empty() ||
         first_taken(performance.happenings.front().step.trace, enabled.size()) != enabled)) {
        return Error{.code = ErrorCode::contract_broken,
                     .message = "explain predicts other transitions for " + scripted.name};
    }
    return take(std::move(performance));
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
        steps_.emplace(std::pair(happening.instance, sequence),
                       MadeStep{.definition = std::move(happening.definition),
                                .step = std::move(happening.step)});
    }
    return success();
}

}  // namespace sillage::test
