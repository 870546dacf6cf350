#include "engine/yaml/detail/states.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/yaml/detail/actions.hpp"
#include "engine/yaml/detail/expressions.hpp"
#include "engine/yaml/detail/invokes.hpp"
#include "engine/yaml/detail/targets.hpp"
#include "engine/yaml/detail/transitions.hpp"

namespace sillage {
namespace {

const KeyList& state_keys() {
    static const KeyList keys = {"id",          "title",    "title_for",  "description", "tags",
                                 "meta",        "type",     "history",    "target",      "initial",
                                 "states",      "entry",    "exit",       "on",          "always",
                                 "after",       "deadline", "onDone",     "onError",     "invoke",
                                 "waiting_for", "output",   "always_true"};
    return keys;
}

/// The keys that say nothing in a state of that type.
KeyList misplaced_keys(StateType type) {
    switch (type) {
        case StateType::atomic:
            return {"history", "target", "output", "initial"};
        case StateType::parallel:
            return {"history", "target", "output", "initial"};
        case StateType::compound:
            return {"history", "target", "output"};
        case StateType::final:
            return {"history", "target",   "initial", "on",      "always", "after",
                    "states",  "deadline", "onDone",  "onError", "invoke"};
        case StateType::history:
            return {"initial", "states",      "entry",    "exit",       "on",
                    "always",  "after",       "deadline", "onDone",     "onError",
                    "invoke",  "waiting_for", "output",   "always_true"};
    }
    return {};
}

std::string_view kind_of(StateType type) {
    switch (type) {
        case StateType::atomic:
            return "a state without states inside";
        case StateType::parallel:
            return "a parallel state";
        case StateType::compound:
            return "a state with states inside";
        case StateType::final:
            return "a final state";
        case StateType::history:
            return "a history state";
    }
    return {};
}

void check_state_keys(Reading& reading, const Node& node, StateType type) {
    check_keys(reading, node, state_keys(), "a state");
    const KeyList misplaced = misplaced_keys(type);
    for (const Node::Entry& entry : node.entries) {
        if (std::ranges::find(misplaced, std::string_view(entry.key->text)) == misplaced.end()) {
            continue;
        }
        const bool is_target = entry.key->text == "target" && type != StateType::final;
        reading.error(*entry.key, "misplaced-key",
                      fmt::format("{} has no {}{}", kind_of(type), quoted(entry.key->text),
                                  is_target ? "; a transition has: on: { event: target }" : ""));
    }
}

void read_title_for(Reading& reading, const Node& node, State& state) {
    if (!expect(reading, node, NodeKind::map, "title_for is a mapping of role to title")) {
        return;
    }
    for (const Node::Entry& entry : node.entries) {
        const auto role = read_role(reading, *entry.key);
        Text text = read_text(reading, *entry.value, "title_for");
        if (role) {
            state.title_for.emplace_back(*role, std::move(text));
        }
    }
}

std::vector<std::string> read_tags(Reading& reading, const Node& node) {
    std::vector<std::string> tags;
    if (expect(reading, node, NodeKind::list, "tags is a list of words")) {
        for (const NodePtr& item : node.items) {
            if (auto tag = read_word(reading, *item, "a tag")) {
                tags.push_back(std::move(*tag));
            }
        }
    }
    return tags;
}

std::vector<Expression> read_contract(Reading& reading, const Node& node) {
    std::vector<Expression> contract;
    if (expect(reading, node, NodeKind::list, "always_true is a list of expressions")) {
        for (const NodePtr& item : node.items) {
            contract.push_back(read_expression(reading, *item, Wanted::condition).expression);
        }
    }
    return contract;
}

DefaultEntry read_initial(Reading& reading, StateIndex state, const Node& node) {
    DefaultEntry entry;
    if (node.kind != NodeKind::map) {
        entry.targets = read_initial_targets(reading, state, node);
        return entry;
    }
    check_keys(reading, node, {"target", "actions"}, "initial");
    if (const Node* target = node.find("target")) {
        entry.targets = read_initial_targets(reading, state, *target);
    } else {
        reading.error(node, "missing-key", "initial needs the key target");
    }
    if (const Node* actions = node.find("actions")) {
        entry.actions = read_block(reading, state, *actions, "actions");
    }
    return entry;
}

/// Where a compound state without `initial` starts: with its first state.
/// Source: SCXML 3.6; history states cannot be active, so they do not count.
std::vector<StateIndex> first_child(const Definition& definition, StateIndex state) {
    for (const StateIndex child : definition.state(state).children) {
        if (definition.state(child).type != StateType::history) {
            return {child};
        }
    }
    return {};
}

void read_start(Reading& reading, StateIndex index) {
    Definition& definition = reading.definition;
    const Node* node = reading.state_nodes[index];
    const Node* initial = node == nullptr ? nullptr : node->find("initial");
    if (definition.state(index).type != StateType::compound) {
        if (initial != nullptr && index == root_state) {
            reading.error(*node->find_entry("initial")->key, "misplaced-key",
                          "a parallel state starts in all of its states; it has no initial");
        }
        return;
    }
    const auto first = first_child(definition, index);
    if (initial != nullptr) {
        definition.states[index].initial = read_initial(reading, index, *initial);
    } else {
        definition.states[index].initial.targets = first;
    }
    if (first.empty() && !definition.state(index).children.empty()) {
        reading.findings.error(definition.state(index).place, "history-alone",
                               "only history states are inside; nothing can be active");
    }
}

/// Where the parent of a history starts, when that is not the history itself.
std::vector<StateIndex> start_of_parent(const Definition& definition, StateIndex history) {
    const State& parent = definition.state(definition.state(history).parent);
    if (parent.type != StateType::parallel) {
        const auto& targets = parent.initial.targets;
        const bool is_itself = std::ranges::find(targets, history) != targets.end();
        return is_itself ? first_child(definition, definition.state(history).parent) : targets;
    }
    std::vector<StateIndex> regions;
    std::ranges::copy_if(parent.children, std::back_inserter(regions), [&](StateIndex child) {
        return definition.state(child).type != StateType::history;
    });
    return regions;
}

/// What a history stands for while nothing is stored: its target, else where its parent starts.
void read_history(Reading& reading, StateIndex index, const Node& node) {
    Definition& definition = reading.definition;
    State& state = definition.states[index];
    if (const Node* depth = node.find("history")) {
        const auto word = read_word(reading, *depth, "history");
        state.history = word == "deep" ? HistoryType::deep : HistoryType::shallow;
        if (word && *word != "deep" && *word != "shallow") {
            reading.error(*depth, "unknown-word",
                          fmt::format("{} is no kind of history{}", quoted(*word),
                                      suggest(*word, {"shallow", "deep"})));
        }
    }
    const Node* target = node.find("target");
    if (target == nullptr) {
        state.initial.targets = start_of_parent(definition, index);
        return;
    }
    state.initial.targets = read_targets(reading, index, *target);
    for (const StateIndex found : state.initial.targets) {
        const bool is_history = definition.state(found).type == StateType::history;
        if (!definition.is_descendant(found, state.parent) || is_history) {
            reading.error(*target, "history-target",
                          fmt::format("a history stands for states beside it or inside them; {} {}",
                                      definition.state(found).id,
                                      is_history ? "is a history" : "is elsewhere"));
        }
    }
}

void read_texts(Reading& reading, const Node::Entry& entry, State& state) {
    const std::string& key = entry.key->text;
    const Node& value = *entry.value;
    if (key == "title") {
        state.title = read_text(reading, value, key);
    } else if (key == "description") {
        state.description = read_text(reading, value, key);
    } else if (key == "title_for") {
        read_title_for(reading, value, state);
    } else if (key == "tags") {
        state.tags = read_tags(reading, value);
    } else if (key == "meta") {
        state.meta = to_json(value);
    } else if (key == "waiting_for") {
        state.waiting_for = read_role(reading, value).value_or("");
    } else if (key == "output") {
        state.output = read_value(reading, value);
    } else if (key == "always_true") {
        state.always_true = read_contract(reading, value);
    }
}

void read_behaviour(Reading& reading, StateIndex index, const Node::Entry& entry) {
    const std::string& key = entry.key->text;
    const Node& value = *entry.value;
    if (key == "entry") {
        reading.definition.states[index].entry.push_back(read_block(reading, index, value, key));
    } else if (key == "exit") {
        reading.definition.states[index].exit.push_back(read_block(reading, index, value, key));
    } else if (key == "on") {
        read_on(reading, index, value);
    } else if (key == "always") {
        read_always(reading, index, value);
    } else if (key == "after") {
        read_after(reading, index, value);
    } else if (key == "deadline" && index != root_state) {
        read_deadline(reading, index, value);
    } else if (key == "onDone" && index != root_state) {
        read_on_done(reading, index, value);
    } else if (key == "onError" && index != root_state) {
        read_on_error(reading, index, value);
    } else if (key == "invoke" && index != root_state) {
        read_invokes(reading, index, value);
    }
}

void read_state(Reading& reading, StateIndex index) {
    const Node* node = reading.state_nodes[index];
    const StateType type = reading.definition.state(index).type;
    if (type == StateType::history) {
        read_history(reading, index, *node);
    } else {
        read_start(reading, index);
    }
    if (node == nullptr) {
        return;
    }
    if (index != root_state) {
        check_state_keys(reading, *node, type);
    }
    const KeyList misplaced = index == root_state ? KeyList{} : misplaced_keys(type);
    for (const Node::Entry& entry : node->entries) {
        if (std::ranges::find(misplaced, std::string_view(entry.key->text)) != misplaced.end()) {
            continue;
        }
        if (index != root_state) {
            read_texts(reading, entry, reading.definition.states[index]);
        }
        read_behaviour(reading, index, entry);
    }
}

}  // namespace

void read_states(Reading& reading) {
    for (StateIndex index = 0; index < reading.definition.states.size(); ++index) {
        read_state(reading, index);
    }
}

}  // namespace sillage
