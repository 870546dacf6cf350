#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "engine/base/nearest.hpp"
#include "engine/formats/detail/scxml_reading.hpp"

namespace sillage {
namespace {

bool is_state_element(const XmlElement& element) {
    return element.is("state") || element.is("parallel") || element.is("final") ||
           element.is("history");
}

bool has_states(const XmlElement& element) {
    return std::ranges::any_of(element.children, [](const XmlElement& child) {
        return is_state_element(child) && !child.is("history");
    });
}

StateType type_of(ScxmlReading& reading, const XmlElement& element) {
    if (element.is("final")) {
        return StateType::final;
    }
    if (element.is("history")) {
        return StateType::history;
    }
    const bool parallel = element.is("parallel");
    if (parallel && !has_states(element)) {
        reading.warning(element.offset, "empty-parallel",
                        "a parallel without states inside is as a state without any");
        return StateType::atomic;
    }
    return parallel              ? StateType::parallel
           : has_states(element) ? StateType::compound
                                 : StateType::atomic;
}

void take_id(ScxmlReading& reading, const XmlElement& element, StateIndex index) {
    const XmlAttribute* id = element.attribute("id");
    if (id == nullptr) {
        return;
    }
    const auto words = words_of(id->value);
    if (words.size() != 1 || words.front().text != id->value) {
        reading.error(
            id->value_offset, "name",
            fmt::format("{} is no id: one word without white space", in_message(id->value)));
        return;
    }
    if (!reading.states_by_id.emplace(id->value, index).second) {
        reading.error(id->value_offset, "duplicate-id",
                      fmt::format("another state has the id {}", in_message(id->value)));
    }
    reading.definition.states[index].id = id->value;
}

void add_state(ScxmlReading& reading, const XmlElement& element, StateIndex parent) {
    const auto index = static_cast<StateIndex>(reading.definition.states.size());
    const bool is_root = index == root_state;
    State state{.type = is_root ? StateType::compound : type_of(reading, element),
                .parent = parent,
                .place = reading.place_of(element.offset)};
    reading.definition.states.push_back(std::move(state));
    reading.elements.push_back(&element);
    if (!is_root) {
        take_id(reading, element, index);
        reading.definition.states[parent].children.push_back(index);
    }
    for (const XmlElement& child : element.children) {
        if (is_state_element(child)) {
            add_state(reading, child, index);
        }
    }
    reading.definition.states[index].end =
        static_cast<StateIndex>(reading.definition.states.size());
}

/// Ids for the states that have none, `state-3` by their number, or the next that is free.
void make_ids(ScxmlReading& reading) {
    auto& states = reading.definition.states;
    for (StateIndex index = 1; index < states.size(); ++index) {
        for (std::size_t number = index; states[index].id.empty(); ++number) {
            std::string made = fmt::format("state-{}", number);
            if (reading.states_by_id.emplace(made, index).second) {
                states[index].id = std::move(made);
            }
        }
        states[index].name = states[index].id;
    }
}

StateIndex lowest_common_ancestor(const Definition& definition, StateIndex a, StateIndex b) {
    while (a != b && !definition.is_descendant(b, a)) {
        a = definition.state(a).parent;
    }
    return a;
}

/// Source: SCXML 3.11, legal state configurations and specifications.
void check_together(ScxmlReading& reading, const std::vector<StateIndex>& targets,
                    const XmlAttribute& attribute) {
    const Definition& definition = reading.definition;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        for (std::size_t j = i + 1; j < targets.size(); ++j) {
            const StateIndex common = lowest_common_ancestor(definition, targets[i], targets[j]);
            const bool nested = common == targets[i] || common == targets[j];
            if (!nested && definition.state(common).type != StateType::parallel) {
                reading.error(
                    attribute.value_offset, "targets-apart",
                    fmt::format("{} and {} are never active together; only states in "
                                "different regions of a parallel are",
                                definition.state(targets[i]).id, definition.state(targets[j]).id));
            }
        }
    }
}

/// The first child that can be active. Source: SCXML 3.6.
std::vector<StateIndex> first_child(const Definition& definition, StateIndex state) {
    for (const StateIndex child : definition.state(state).children) {
        if (definition.state(child).type != StateType::history) {
            return {child};
        }
    }
    return {};
}

/// The one transition of an `initial` or `history`, or null and the finding.
const XmlElement* only_transition(ScxmlReading& reading, const XmlElement& element) {
    const XmlElement* only = nullptr;
    for (const XmlElement& child : element.children) {
        if (!child.is("transition")) {
            continue;
        }
        if (only != nullptr) {
            reading.error(child.offset, "default-transition",
                          fmt::format("<{}> has one transition", element.name));
        }
        only = only == nullptr ? &child : only;
    }
    if (only == nullptr) {
        reading.error(
            element.offset, "default-transition",
            fmt::format("<{}> needs one transition, <transition target=\"…\"/>", element.name));
        return nullptr;
    }
    for (const std::string_view name : {"event", "cond"}) {
        if (const XmlAttribute* attribute = only->attribute(name)) {
            reading.error(attribute->offset, "default-transition",
                          fmt::format("the transition of <{}> has no {}", element.name, name));
        }
    }
    if (only->attribute("target") == nullptr) {
        reading.error(only->offset, "missing-attribute",
                      fmt::format("the transition of <{}> needs a target", element.name));
        return nullptr;
    }
    return only;
}

DefaultEntry read_default(ScxmlReading& reading, const XmlElement& element) {
    const XmlElement* transition = only_transition(reading, element);
    if (transition == nullptr) {
        return {};
    }
    return {.targets = read_id_list(reading, *transition->attribute("target")),
            .actions = read_block(reading, *transition)};
}

void check_inside(ScxmlReading& reading, StateIndex state, const XmlElement& at) {
    const Definition& definition = reading.definition;
    for (const StateIndex target : definition.state(state).initial.targets) {
        if (!definition.is_descendant(target, state)) {
            reading.error(at.offset, "initial",
                          fmt::format("{} is not inside the state that starts there",
                                      in_message(definition.state(target).id)));
        }
    }
}

void read_start(ScxmlReading& reading, StateIndex index) {
    const XmlElement& element = *reading.elements[index];
    const XmlAttribute* attribute = element.attribute("initial");
    const auto initial = std::ranges::find_if(
        element.children, [](const XmlElement& child) { return child.is("initial"); });
    const bool has_initial = initial != element.children.end();
    State& state = reading.definition.states[index];
    if (state.type != StateType::compound) {
        if (attribute != nullptr || has_initial) {
            reading.error(attribute != nullptr ? attribute->offset : initial->offset, "initial",
                          "only a state with states inside has an initial");
        }
        return;
    }
    if (attribute != nullptr && has_initial) {
        reading.error(initial->offset, "exclusive-attributes",
                      "a state has the attribute initial or the element, not both");
    }
    if (attribute != nullptr) {
        state.initial.targets = read_id_list(reading, *attribute);
    } else if (has_initial) {
        state.initial = read_default(reading, *initial);
    } else {
        state.initial.targets = first_child(reading.definition, index);
    }
    if (state.children.empty()) {
        reading.error(element.offset, "no-states", "<scxml> needs a state");
    }
    check_inside(reading, index, has_initial ? *initial : element);
}

/// A default deeper than the history stores is not SCXML's, yet has one meaning, and others take
/// it.
void check_history_targets(ScxmlReading& reading, const State& history, std::size_t offset) {
    const Definition& definition = reading.definition;
    for (const StateIndex target : history.initial.targets) {
        const State& found = definition.state(target);
        if (!definition.is_descendant(target, history.parent) || found.type == StateType::history) {
            reading.error(offset, "history-target",
                          fmt::format("a history stands for states beside it or inside them; {} is "
                                      "none",
                                      in_message(found.id)));
        } else if (history.history == HistoryType::shallow && found.parent != history.parent) {
            reading.warning(offset, "history-target",
                            fmt::format("a shallow history stands for states beside it; {} is "
                                        "deeper",
                                        in_message(found.id)));
        }
    }
}

/// Source: SCXML 3.10.
void read_history(ScxmlReading& reading, StateIndex index) {
    const XmlElement& element = *reading.elements[index];
    State& state = reading.definition.states[index];
    if (const XmlAttribute* type = element.attribute("type")) {
        state.history = type->value == "deep" ? HistoryType::deep : HistoryType::shallow;
        if (type->value != "deep" && type->value != "shallow") {
            reading.error(type->value_offset, "unknown-word",
                          fmt::format("{} is no type of history; it is shallow or deep",
                                      in_message(type->value)));
        }
    }
    state.initial = read_default(reading, element);
    check_history_targets(reading, state, element.offset);
}

/// Descriptors without the `.` that may end them. Source: SCXML 3.12.1.
std::vector<std::string> read_events(const XmlAttribute& attribute) {
    std::vector<std::string> events;
    for (Word word : words_of(attribute.value)) {
        if (word.text.ends_with('.')) {
            word.text.remove_suffix(1);
        }
        events.emplace_back(word.text);
    }
    return events;
}

/// Source: SCXML 3.13: internal only from a compound state to states inside it.
bool is_internal(ScxmlReading& reading, const XmlElement& element, const Transition& transition) {
    const XmlAttribute* type = element.attribute("type");
    if (type == nullptr || type->value == "external") {
        return false;
    }
    if (type->value != "internal") {
        reading.error(type->value_offset, "unknown-word",
                      fmt::format("{} is no type of transition; it is internal or external",
                                  in_message(type->value)));
    }
    const Definition& definition = reading.definition;
    return definition.state(transition.source).type == StateType::compound &&
           !transition.targets.empty() &&
           std::ranges::all_of(transition.targets, [&](StateIndex target) {
               return definition.is_descendant(target, transition.source);
           });
}

void read_transition(ScxmlReading& reading, StateIndex source, const XmlElement& element) {
    const XmlAttribute* event = element.attribute("event");
    const XmlAttribute* cond = element.attribute("cond");
    const XmlAttribute* target = element.attribute("target");
    Transition transition{.source = source,
                          .trigger = event == nullptr ? Trigger::eventless : Trigger::event,
                          .place = reading.place_of(element.offset)};
    if (event != nullptr) {
        transition.events = read_events(*event);
        if (transition.events.empty()) {
            reading.error(event->offset, "empty-attribute",
                          "the attribute event of <transition> is empty");
        }
    }
    if (event == nullptr && cond == nullptr && target == nullptr) {
        reading.warning(
            element.offset, "empty-transition",
            "a transition has an event, a cond or a target; this one is taken for ever");
    }
    if (target != nullptr) {
        transition.targets = read_id_list(reading, *target);
    }
    if (cond != nullptr) {
        transition.guard.push_back({.check = read_expression(reading, *cond)});
    }
    transition.internal = is_internal(reading, element, transition);
    transition.actions = read_block(reading, element);
    const auto index = static_cast<TransitionIndex>(reading.definition.transitions.size());
    reading.definition.states[source].transitions.push_back(index);
    reading.definition.transitions.push_back(std::move(transition));
}

void read_output(ScxmlReading& reading, const XmlElement& element, State& state) {
    if (state.output) {
        reading.error(element.offset, "exclusive-elements", "<final> has one <donedata>");
    }
    ValueTemplate output = read_payload(reading, element);
    if (output != ValueTemplate{}) {
        state.output = std::move(output);
    }
}

void read_state(ScxmlReading& reading, StateIndex index) {
    const XmlElement& element = *reading.elements[index];
    State& state = reading.definition.states[index];
    if (state.type == StateType::history) {
        read_history(reading, index);
        return;
    }
    read_start(reading, index);
    state.data = read_data(reading, element);
    state.invokes = read_invokes(reading, element);
    for (const XmlElement& child : element.children) {
        if (child.is("onentry")) {
            state.entry.push_back(read_block(reading, child));
        } else if (child.is("onexit")) {
            state.exit.push_back(read_block(reading, child));
        } else if (child.is("donedata")) {
            read_output(reading, child, state);
        } else if (child.is("transition")) {
            read_transition(reading, index, child);
        }
    }
}

}  // namespace

std::vector<StateIndex> read_id_list(ScxmlReading& reading, const XmlAttribute& attribute) {
    std::vector<StateIndex> targets;
    const auto words = words_of(attribute.value);
    if (words.empty()) {
        reading.error(attribute.offset, "empty-attribute",
                      fmt::format("the attribute {} is empty; name a state, or leave it out",
                                  attribute.name));
    }
    for (const Word& word : words) {
        const auto found = reading.states_by_id.find(std::string(word.text));
        if (found != reading.states_by_id.end()) {
            targets.push_back(found->second);
            continue;
        }
        std::vector<std::string_view> ids;
        for (const State& state : reading.definition.states) {
            ids.emplace_back(state.id);
        }
        reading.error(
            offset_in(reading, attribute, word.offset), "unknown-target",
            fmt::format("no state has the id {}{}", in_message(word.text),
                        did_you_mean(nearest(word.text, std::span<const std::string_view>(ids)))));
    }
    if (targets.size() == words.size()) {
        check_together(reading, targets, attribute);
    }
    return targets;
}

void read_state_tree(ScxmlReading& reading, const XmlElement& root) {
    add_state(reading, root, root_state);
    make_ids(reading);
}

void read_states(ScxmlReading& reading) {
    for (StateIndex index = 0; index < reading.definition.states.size(); ++index) {
        read_state(reading, index);
    }
}

}  // namespace sillage
