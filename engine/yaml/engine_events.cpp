#include "engine/yaml/detail/engine_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/calendar/calendar.hpp"

namespace sillage {
namespace {

/// Names that stand between a prefix and the end of an event of the engine.
struct Family {
    std::string_view prefix;
    /// What has to have that name. Ex. `a state with a deadline`.
    std::string_view owner;
    KeyList (*names)(const Reading&);
};

KeyList names_of_states(const Reading& reading, bool (*belongs)(const Reading&, StateIndex)) {
    KeyList names;
    for (StateIndex i = root_state + 1; i < reading.definition.states.size(); ++i) {
        if (belongs(reading, i)) {
            names.emplace_back(reading.definition.state(i).id);
        }
    }
    return names;
}

KeyList names_of_ending_states(const Reading& reading) {
    return names_of_states(reading, [](const Reading& of, StateIndex i) {
        const StateType type = of.definition.state(i).type;
        return type == StateType::compound || type == StateType::parallel;
    });
}

KeyList names_of_states_with_deadline(const Reading& reading) {
    return names_of_states(reading, [](const Reading& of, StateIndex i) {
        return of.state_nodes[i] != nullptr && of.state_nodes[i]->find("deadline") != nullptr;
    });
}

KeyList names_of_children(const Reading& reading) {
    KeyList names;
    for (const InvokeName& invoke : reading.invokes) {
        names.emplace_back(invoke.id);
    }
    return names;
}

constexpr std::array<Family, 4> families = {
    {{"done.state.", "state with states inside", names_of_ending_states},
     {"done.invoke.", "child", names_of_children},
     {"deadline.expired.", "state with a deadline", names_of_states_with_deadline},
     {"deadline.approaching.", "state with a deadline", names_of_states_with_deadline}}};

/// `tracks.*` is for whatever has that name or one below it.
bool is_named(std::string_view name, const KeyList& known) {
    const bool with_below = name.ends_with(".*");
    if (with_below) {
        name.remove_suffix(2);
    }
    return std::ranges::any_of(known, [&](std::string_view other) {
        return other == name ||
               (with_below && other.starts_with(name) && other.substr(name.size(), 1) == ".");
    });
}

/// Each child of an `each` ends for itself: `done.invoke.tracks.0`.
bool names_an_element(const Reading& reading, std::string_view name) {
    const std::size_t dot = name.find_last_of('.');
    const bool has_number = dot != std::string_view::npos && dot + 1 < name.size() &&
                            name.find_first_not_of("0123456789", dot + 1) == std::string_view::npos;
    return has_number && std::ranges::any_of(reading.invokes, [&](const InvokeName& invoke) {
               return invoke.each && invoke.id == name.substr(0, dot);
           });
}

void warn_never_sent(Reading& reading, const Node& key, const std::string& why) {
    reading.warning(key, "never-sent", fmt::format("nothing sends {}: {}", quoted(key.text), why));
}

std::string name_of_timer(std::string_view state_id, std::string_view duration) {
    return state_id.empty() ? fmt::format("after.{}", duration)
                            : fmt::format("after.{}.{}", state_id, duration);
}

/// The `after` of that state whose time is as long as the text says: its own name, or empty.
std::string timer_of_state(const Reading& reading, StateIndex state, std::string_view duration) {
    const Node* node = reading.state_nodes[state];
    const Node* after = node == nullptr ? nullptr : node->find("after");
    if (after == nullptr) {
        return {};
    }
    const std::string& id = reading.definition.state(state).id;
    const auto wanted = parse_duration(duration);
    for (const Node::Entry& entry : after->entries) {
        const auto length = parse_duration(entry.key->text);
        if (wanted && length && length.value() == wanted.value()) {
            return name_of_timer(id, iso_name(length.value(), entry.key->text));
        }
    }
    return duration.starts_with("computed-") ? name_of_timer(id, duration) : "";
}

/// Ids may have dots, and so may durations: tries every split of the name.
std::string resolve_timer(Reading& reading, const Node& key) {
    const std::string_view rest = std::string_view(key.text).substr(6);
    if (std::string name = timer_of_state(reading, root_state, rest); !name.empty()) {
        return name;
    }
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos;
         dot = rest.find('.', dot + 1)) {
        const auto state = reading.states_by_id.find(std::string(rest.substr(0, dot)));
        if (state == reading.states_by_id.end()) {
            continue;
        }
        std::string name = timer_of_state(reading, state->second, rest.substr(dot + 1));
        if (!name.empty()) {
            return name;
        }
    }
    warn_never_sent(reading, key, "no state has such an after");
    return key.text;
}

}  // namespace

std::string iso_name(const CalendarDuration& duration, std::string_view written) {
    const bool is_iso = written.starts_with('P') && written.find(',') == std::string_view::npos;
    return is_iso ? std::string(written) : to_iso(duration);
}

std::string resolve_engine_event(Reading& reading, const Node& key) {
    const std::string_view event = key.text;
    if (event.starts_with("after.") && !event.ends_with('*')) {
        return resolve_timer(reading, key);
    }
    for (const Family& family : families) {
        if (!event.starts_with(family.prefix) || event == std::string(family.prefix) + "*" ||
            reading.findings.is_full()) {
            continue;
        }
        const auto name = event.substr(family.prefix.size());
        const KeyList known = family.names(reading);
        const bool is_child = family.prefix == "done.invoke.";
        if (!is_named(name, known) && !(is_child && names_an_element(reading, name))) {
            warn_never_sent(reading, key,
                            fmt::format("no {} is called {}{}", family.owner, quoted(name),
                                        suggest(name, known)));
        }
    }
    return key.text;
}

void check_asked_events(Reading& reading) {
    const Definition& definition = reading.definition;
    KeyList known;
    for (const Transition& transition : definition.transitions) {
        for (const std::string& event : transition.events) {
            if (std::ranges::find(known, event) == known.end()) {
                known.emplace_back(event);
            }
        }
    }
    for (const NamedEvent& asked : reading.asked_events) {
        const bool is_awaited =
            std::ranges::any_of(definition.transitions, [&](const Transition& transition) {
                return matches(definition, transition, asked.name);
            });
        if (!is_awaited) {
            reading.findings.warning(
                asked.place, "unknown-event",
                fmt::format("no transition waits for {}, so it has no last time{}",
                            quoted(asked.name), suggest(asked.name, known)));
        }
    }
}

}  // namespace sillage
