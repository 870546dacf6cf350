#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/yaml/detail/states.hpp"

namespace sillage {
namespace {

struct TypeWord {
    std::string_view word;
    StateType type;
};
constexpr std::array<TypeWord, 5> type_words = {{{"atomic", StateType::atomic},
                                                 {"compound", StateType::compound},
                                                 {"parallel", StateType::parallel},
                                                 {"final", StateType::final},
                                                 {"history", StateType::history}}};

std::string_view word_for(StateType type) {
    return std::ranges::find(type_words, type, &TypeWord::type)->word;
}

std::optional<StateType> read_type(Reading& reading, const Node& node, const KeyList& known) {
    const auto word = read_word(reading, node, "type");
    if (!word) {
        return std::nullopt;
    }
    const auto found = std::ranges::find(type_words, std::string_view(*word), &TypeWord::word);
    if (found == type_words.end() || std::ranges::find(known, found->word) == known.end()) {
        reading.error(
            node, "unknown-word",
            fmt::format("{} is no type of a state here{}", quoted(*word), suggest(*word, known)));
        return std::nullopt;
    }
    return found->type;
}

bool has_states(const Node& node) {
    const Node* states = node.find("states");
    return states != nullptr && !states->entries.empty();
}

/// The type that is written, or else what the keys say.
StateType type_of_state(Reading& reading, const Node& node) {
    const StateType inferred = node.find("history") != nullptr ? StateType::history
                               : has_states(node)              ? StateType::compound
                                                               : StateType::atomic;
    const Node* written = node.find("type");
    if (written == nullptr) {
        return inferred;
    }
    const auto type =
        read_type(reading, *written, {"atomic", "compound", "parallel", "final", "history"});
    if (!type) {
        return inferred;
    }
    const bool needs_states = *type == StateType::compound || *type == StateType::parallel;
    if (needs_states != has_states(node)) {
        reading.error(*written, "state-type",
                      fmt::format("a state of type {} {} states inside", word_for(*type),
                                  needs_states ? "has" : "has no"));
        return inferred;
    }
    return *type;
}

void read_alias(Reading& reading, const Node& node, StateIndex state) {
    const auto word = read_word(reading, node, "id");
    if (!word) {
        return;
    }
    if (!is_state_name(*word)) {
        reading.error(node, "name",
                      fmt::format("{} is not an id: letters, digits, _ and -, not beginning with a "
                                  "digit",
                                  quoted(*word)));
    }
    const auto [first, is_new] = reading.states_by_alias.emplace(*word, state);
    if (!is_new) {
        reading.error(node, "duplicate-id",
                      fmt::format("the state {} has this id already",
                                  reading.definition.state(first->second).id));
    }
    reading.definition.states[state].alias = *word;
}

void index_state(Reading& reading, StateIndex index) {
    const State& state = reading.definition.state(index);
    reading.states_by_id.emplace(state.id, index);
    reading.states_by_name[state.name].push_back(index);
}

void read_children(Reading& reading, const Node& node, StateIndex parent);

void read_child(Reading& reading, const Node::Entry& entry, StateIndex parent) {
    const Node& node = *entry.value;
    const std::string& name = entry.key->text;
    if (!is_state_name(name)) {
        reading.error(*entry.key, "name",
                      fmt::format("{} is not the name of a state: letters, digits, _ and -, not "
                                  "beginning with a digit",
                                  quoted(name)));
    }
    const bool is_empty = node.kind == NodeKind::null;
    const bool is_map =
        !is_empty && expect(reading, node, NodeKind::map, "a state is a mapping, or empty");
    const std::string& parent_id = reading.definition.state(parent).id;
    const auto index = static_cast<StateIndex>(reading.definition.states.size());
    reading.definition.states.push_back(
        {.id = parent_id.empty() ? name : fmt::format("{}.{}", parent_id, name),
         .name = name,
         .type = is_map ? type_of_state(reading, node) : StateType::atomic,
         .parent = parent,
         .end = index + 1,
         .place = entry.key->place});
    reading.definition.states[parent].children.push_back(index);
    reading.state_nodes.push_back(is_map ? &node : nullptr);
    index_state(reading, index);
    if (!is_map) {
        return;
    }
    if (const Node* id = node.find("id")) {
        read_alias(reading, *id, index);
    }
    if (const Node* states = node.find("states")) {
        read_children(reading, *states, index);
    }
}

void read_children(Reading& reading, const Node& node, StateIndex parent) {
    if (!expect(reading, node, NodeKind::map, "states is a mapping of name to state")) {
        return;
    }
    if (node.entries.empty()) {
        reading.error(node, "empty-map", "states names no state");
    }
    for (const Node::Entry& entry : node.entries) {
        if (entry.key->kind != NodeKind::broken) {
            read_child(reading, entry, parent);
        }
    }
    const auto end = static_cast<StateIndex>(reading.definition.states.size());
    reading.definition.states[parent].end = end;
}

}  // namespace

void read_state_tree(Reading& reading, const Node& top) {
    const Node* type = top.find("type");
    const auto written =
        type == nullptr ? std::nullopt : read_type(reading, *type, {"compound", "parallel"});
    reading.definition.states.push_back({.type = written.value_or(StateType::compound),
                                         .parent = root_state,
                                         .end = 1,
                                         .place = top.place});
    reading.state_nodes.push_back(&top);
    if (const Node* states = top.find("states")) {
        read_children(reading, *states, root_state);
    }
}

}  // namespace sillage
