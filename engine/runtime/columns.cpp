#include "engine/runtime/columns.hpp"

#include "engine/interpreter/status.hpp"

namespace sillage {

std::vector<std::string> leaves_of(const Definition& definition, const Snapshot& snapshot) {
    if (snapshot.ended_in) {
        return {definition.state(*snapshot.ended_in).id};
    }
    std::vector<std::string> leaves;
    for (const StateIndex index : snapshot.configuration) {
        const StateType type = definition.state(index).type;
        if (type == StateType::atomic || type == StateType::final) {
            leaves.push_back(definition.state(index).id);
        }
    }
    return leaves;
}

void set_columns(InstanceRecord& record, const Definition& definition, const Snapshot& snapshot) {
    Standing now = standing(definition, snapshot);
    record.sequence = snapshot.sequence;
    record.stage = std::move(now.stage);
    record.states = snapshot.ended_in ? std::move(now.states) : std::vector<std::string>();
    for (const StateIndex index : snapshot.configuration) {
        if (index != root_state) {
            record.states.push_back(definition.state(index).id);
        }
    }
    record.waiting_for = std::move(now.waiting_for);
    record.next_deadline =
        now.deadlines.empty() ? std::nullopt : std::optional(now.deadlines.front().at);
    record.overdue = now.overdue;
    record.done = now.done;
    record.updated_at = snapshot.at;
}

std::vector<StoredTimer> stored_timers(const Snapshot& snapshot) {
    std::vector<StoredTimer> stored;
    stored.reserve(snapshot.timers.size());
    for (const Timer& timer : snapshot.timers) {
        if (!timer.failed) {
            stored.push_back(
                {.id = timer.id, .due = timer.due, .started = timer.started, .state = timer.state});
        }
    }
    return stored;
}

}  // namespace sillage
