#include "engine/runtime/decide.hpp"

#include <fmt/format.h>

#include "engine/interpreter/step.hpp"
#include "engine/runtime/family.hpp"

namespace sillage {

Result<Decision> decide_start(const Kin& kin, const Loaded& fresh, const Input& input,
                              const std::string& idempotency_key) {
    Family family(kin, fresh, idempotency_key);
    SILLAGE_TRY(family.start(input));
    SILLAGE_TRY(family.settle(input));
    return family.take();
}

Result<Decision> decide_event(const Kin& kin, const Loaded& before, const Input& input,
                              const std::string& idempotency_key) {
    Family family(kin, before, idempotency_key);
    Result<void> ran = family.run(input);
    if (ran) {
        ran = family.settle(input);
    }
    if (ran) {
        return family.take();
    }
    if (!is_incident(ran.error())) {
        return std::move(ran).error();
    }
    Family undone(kin, before, idempotency_key);
    undone.add_incident(input, ran.error());
    Decision decision = undone.take();
    decision.incident = std::move(ran).error();
    return decision;
}

Result<Decision> decide_submit(const Kin& kin, const Loaded& loaded, const SubmitCommand& command,
                               const Call& call) {
    const std::uint64_t sequence = loaded.record->sequence;
    if (command.expected_sequence && *command.expected_sequence != sequence) {
        return Error{.code = ErrorCode::stale,
                     .message = fmt::format("The instance is at sequence {}, not at {}.", sequence,
                                            *command.expected_sequence)};
    }
    Input input = Reader::input_for(loaded, call);
    input.event = Event{.name = command.event, .data = command.data};
    return decide_event(kin, loaded, input, call.idempotency_key);
}

Result<Decision> decide_resolution(const Kin& kin, const Loaded& before, const Input& input,
                                   std::uint64_t sequence) {
    Family family(kin, before, {});
    SILLAGE_TRY(Step resolved, resolve_incident(before.snapshot, input, sequence));
    SILLAGE_TRY(family.add(input, std::move(resolved)));
    return family.take();
}

}  // namespace sillage
