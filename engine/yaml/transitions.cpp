#include "engine/yaml/detail/transitions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/calendar/calendar.hpp"
#include "engine/yaml/detail/actions.hpp"
#include "engine/yaml/detail/engine_events.hpp"
#include "engine/yaml/detail/expressions.hpp"
#include "engine/yaml/detail/fields.hpp"
#include "engine/yaml/detail/invokes.hpp"
#include "engine/yaml/detail/targets.hpp"

namespace sillage {
namespace {

/// Whose transitions are read: their key, and what takes them.
struct Cause {
    StateIndex state = root_state;
    Trigger trigger = Trigger::event;
    std::vector<std::string> events = {};
    /// `on`, `always`, …
    std::string_view key = {};
    Place place = {};
    /// An account may send it: `by` and `form` are asked.
    bool by_accounts = false;
};

std::vector<GuardClause> read_guard(Reading& reading, const Node& node) {
    std::vector<GuardClause> clauses;
    if (node.kind != NodeKind::list) {
        clauses.push_back({.check = read_expression(reading, node, Wanted::condition).expression});
        return clauses;
    }
    if (node.items.empty()) {
        reading.error(node, "empty-list", "this guard lists no check; write one, or leave it out");
    }
    for (const NodePtr& item : node.items) {
        if (!expect(reading, *item, NodeKind::map,
                    "an item of guard is a mapping, { check: …, otherwise: … }")) {
            continue;
        }
        check_keys(reading, *item, {"check", "otherwise"}, "an item of guard");
        GuardClause clause;
        if (const Node* check = item->find("check")) {
            clause.check = read_expression(reading, *check, Wanted::condition).expression;
        } else {
            reading.error(*item, "missing-key", "an item of guard needs the key check");
        }
        if (const Node* otherwise = item->find("otherwise")) {
            clause.otherwise = read_text(reading, *otherwise, "otherwise");
        }
        clauses.push_back(std::move(clause));
    }
    return clauses;
}

void read_guard_and_otherwise(Reading& reading, const Node& node, Transition& transition) {
    const Node* guard = node.find("guard");
    const Node* otherwise = node.find("otherwise");
    if (guard != nullptr) {
        transition.guard = read_guard(reading, *guard);
    }
    if (otherwise == nullptr) {
        return;
    }
    Text text = read_text(reading, *otherwise, "otherwise");
    if (guard == nullptr || guard->kind == NodeKind::list) {
        reading.warning(*node.find_entry("otherwise")->key, "unused-otherwise",
                        guard == nullptr ? "otherwise explains a guard, and there is none"
                                         : "each check of this list has its own otherwise; this "
                                           "one is never shown");
    } else {
        transition.guard.front().otherwise = std::move(text);
    }
}

void read_by(Reading& reading, const Node& node, const Cause& cause, Transition& transition) {
    const Node::Entry* by = node.find_entry("by");
    if (by != nullptr) {
        transition.by = read_roles(reading, *by->value, true);
    }
    if (by != nullptr && cause.key != "on") {
        reading.error(*by->key, "by-not-asked",
                      fmt::format("{} is taken by the engine: by is never asked", cause.key));
    } else if (by != nullptr && !cause.by_accounts) {
        reading.warning(*by->key, "by-not-asked",
                        "only the engine sends this event: by is not asked");
    }
}

void warn_without_by(Reading& reading, const Transition& transition) {
    std::string who = "no role is declared, so anyone";
    if (!reading.definition.roles.empty()) {
        who = "any declared role";
    }
    reading.findings.warning(
        transition.place, "by-missing",
        fmt::format("{} may send {}; say who with by", who, quoted(transition.events.front())));
}

/// `form`, which types `event.data` for all that the transition says.
void read_form(Reading& reading, const Node& node, const Cause& cause, Transition& transition) {
    const Node::Entry* form = node.find_entry("form");
    if (form == nullptr) {
        return;
    }
    if (!cause.by_accounts) {
        reading.warning(*form->key, "form-not-asked",
                        "only the engine sends this event: the form is not asked");
    }
    transition.form = read_fields(reading, *form->value, FieldPlace::form);
    ValueType type{.kind = TypeKind::map, .closed = true};
    for (const Field& field : *transition.form) {
        ValueType member = type_of(field.schema);
        member.nullable = member.nullable && !field.required;
        type.members.emplace_back(field.name, std::move(member));
    }
    reading.scope.set_event_data(std::move(type));
    read_field_texts(reading, *form->value, *transition.form);
}

bool is_internal(const Definition& definition, const Transition& transition, bool reenter) {
    const bool from_compound = transition.source == root_state ||
                               definition.state(transition.source).type == StateType::compound;
    return !reenter && from_compound && !transition.targets.empty() &&
           std::ranges::all_of(transition.targets, [&](StateIndex target) {
               return definition.is_descendant(target, transition.source);
           });
}

void add_transition(Reading& reading, Transition transition) {
    const auto index = static_cast<TransitionIndex>(reading.definition.transitions.size());
    reading.definition.states[transition.source].transitions.push_back(index);
    reading.definition.transitions.push_back(std::move(transition));
}

void read_mapping(Reading& reading, const Node& node, const Cause& cause, Transition& transition) {
    check_keys(reading, node,
               {"target", "guard", "otherwise", "by", "form", "actions", "title", "description",
                "reenter", "meta"},
               "a transition");
    read_by(reading, node, cause, transition);
    read_form(reading, node, cause, transition);
    read_guard_and_otherwise(reading, node, transition);
    if (const Node* target = node.find("target")) {
        transition.targets = read_targets(reading, cause.state, *target);
    }
    if (const Node* actions = node.find("actions")) {
        transition.actions = read_block(reading, cause.state, *actions, "actions");
    }
    if (const Node* title = node.find("title")) {
        transition.title = read_text(reading, *title, "title");
    }
    if (const Node* description = node.find("description")) {
        transition.description = read_text(reading, *description, "description");
    }
    if (const Node* meta = node.find("meta")) {
        transition.meta = to_json(*meta);
    }
    reading.scope.set_event_data(ValueType{});
}

void read_transition(Reading& reading, const Node& node, const Cause& cause) {
    Transition transition{.source = cause.state,
                          .trigger = cause.trigger,
                          .events = cause.events,
                          .place = cause.place};
    bool reenter = false;
    if (node.kind == NodeKind::map) {
        read_mapping(reading, node, cause, transition);
        const Node* again = node.find("reenter");
        reenter = again != nullptr && read_boolean(reading, *again, "reenter");
    } else if (node.kind == NodeKind::text) {
        transition.targets = read_targets(reading, cause.state, node);
    } else {
        reading.error(node, "wrong-type",
                      fmt::format("a transition is a target or a mapping, {{ target: … }}; this is "
                                  "{}",
                                  describe(node)));
        return;
    }
    const bool names_by = node.kind == NodeKind::map && node.find("by") != nullptr;
    if (cause.by_accounts && !names_by) {
        warn_without_by(reading, transition);
    }
    transition.internal = is_internal(reading.definition, transition, reenter);
    add_transition(reading, std::move(transition));
}

void read_transitions(Reading& reading, const Node& node, Cause cause) {
    if (node.kind != NodeKind::list) {
        read_transition(reading, node, cause);
        return;
    }
    if (node.items.empty()) {
        reading.error(node, "empty-list",
                      fmt::format("this list has no transition; {} does nothing", cause.key));
    }
    for (const NodePtr& item : node.items) {
        cause.place = item->place;
        read_transition(reading, *item, cause);
    }
}

/// What an event key may be: a name, a name and `.*`, or `*`. Events of the engine carry ids and
/// ISO durations, `after.open.PT0.5S`, `error.communication.tracks.0`.
bool is_descriptor(std::string_view text) {
    if (text == "*") {
        return true;
    }
    if (text.ends_with(".*")) {
        text.remove_suffix(2);
    }
    const bool has_free_tokens = text.starts_with("after.") || text.starts_with("done.invoke.") ||
                                 text.starts_with("error.");
    return is_event_name(text) ||
           (has_free_tokens && text.find("..") == std::string_view::npos && !text.ends_with('.') &&
            text.find_first_of(" */") == std::string_view::npos);
}

std::string event_of(std::string_view prefix, const std::string& state_id) {
    return state_id.empty() ? std::string(prefix) : fmt::format("{}.{}", prefix, state_id);
}

}  // namespace

void read_on(Reading& reading, StateIndex state, const Node& node) {
    if (!expect(reading, node, NodeKind::map, "on is a mapping of event to transition")) {
        return;
    }
    for (const Node::Entry& entry : node.entries) {
        // A key that YAML cannot read is a bare star.
        const bool is_star = entry.key->kind == NodeKind::broken;
        const std::string event = is_star ? "*" : entry.key->text;
        if (!is_descriptor(event)) {
            reading.error(*entry.key, "name",
                          fmt::format("{} is not the name of an event: words joined by dots, as in "
                                      "review.done, which may end in .*, or \"*\" alone",
                                      quoted(event)));
        }
        read_transitions(reading, *entry.value,
                         {.state = state,
                          .events = {is_star ? event : resolve_engine_event(reading, *entry.key)},
                          .key = "on",
                          .place = entry.key->place,
                          .by_accounts = !is_reserved_event(event)});
    }
}

void read_always(Reading& reading, StateIndex state, const Node& node) {
    read_transitions(
        reading, node,
        {.state = state, .trigger = Trigger::eventless, .key = "always", .place = node.place});
}

void read_engine_transitions(Reading& reading, StateIndex state, const Node& node,
                             EngineEvents events) {
    read_transitions(reading, node,
                     {.state = state,
                      .events = std::move(events.events),
                      .key = events.key,
                      .place = node.place});
}

void read_on_done(Reading& reading, StateIndex state, const Node& node) {
    const State& source = reading.definition.state(state);
    std::string event = event_of("done.state", source.id);
    if (source.type == StateType::atomic) {
        const auto invokes = invokes_of(reading, state);
        if (invokes.size() == 1) {
            event = "done.invoke." + invokes.front()->id;
        } else {
            reading.warning(node, "never-done",
                            invokes.empty()
                                ? "onDone waits for states inside to be final, and this state has "
                                  "none"
                                : "this state has several children; write onDone inside the one "
                                  "that is meant");
        }
    }
    read_engine_transitions(reading, state, node, {.key = "onDone", .events = {event}});
}

void read_on_error(Reading& reading, StateIndex state, const Node& node) {
    read_engine_transitions(reading, state, node, {.key = "onError", .events = {"error"}});
}

void read_after(Reading& reading, StateIndex state, const Node& node) {
    if (!expect(reading, node, NodeKind::map, "after is a mapping of duration to transition")) {
        return;
    }
    const std::string prefix = event_of("after", reading.definition.state(state).id);
    std::size_t computed_count = 0;
    for (const Node::Entry& entry : node.entries) {
        const auto delay = read_delay(reading, *entry.key);
        if (!delay) {
            continue;
        }
        const auto* known = std::get_if<CalendarDuration>(&*delay);
        const std::string event =
            known != nullptr ? fmt::format("{}.{}", prefix, iso_name(*known, entry.key->text))
                             : fmt::format("{}.computed-{}", prefix, ++computed_count);
        auto& delayed = reading.definition.states[state].after;
        const bool is_known = std::ranges::any_of(delayed, [&](const DelayedEvent& other) {
            return known != nullptr && other.delay == *delay;
        });
        if (is_known) {
            reading.error(*entry.key, "duplicate-key",
                          fmt::format("{} is as long as a duration before it; write both "
                                      "transitions as one list",
                                      quoted(entry.key->text)));
        }
        delayed.push_back({.delay = *delay, .event = event});
        read_transitions(
            reading, *entry.value,
            {.state = state, .events = {event}, .key = "after", .place = entry.key->place});
    }
}

namespace {

void read_reminders(Reading& reading, const Node& node, Deadline& deadline) {
    if (!expect(reading, node, NodeKind::list, "remind is a list of durations, [3 days, 1 day]")) {
        return;
    }
    for (const NodePtr& item : node.items) {
        if (auto delay = read_delay(reading, *item)) {
            deadline.remind.push_back(std::move(*delay));
        }
    }
}

void read_end(Reading& reading, const Node& node, Deadline& deadline) {
    const Node* within = node.find("within");
    const Node* at = node.find("at");
    if ((within == nullptr) == (at == nullptr)) {
        reading.error(node, "missing-key", "a deadline needs one of the keys within and at");
    }
    if (within != nullptr) {
        deadline.within = read_delay(reading, *within);
    }
    if (at != nullptr) {
        deadline.at = read_expression(reading, *at, Wanted::instant).expression;
    }
}

}  // namespace

void read_deadline(Reading& reading, StateIndex state, const Node& node) {
    Deadline deadline{.place = node.place};
    if (!expect(reading, node, NodeKind::map, "a deadline is a mapping, { within: 14 days }")) {
        return;
    }
    check_keys(reading, node, {"within", "at", "remind", "target", "actions", "escalate", "keep"},
               "a deadline");
    read_end(reading, node, deadline);
    if (const Node* remind = node.find("remind")) {
        read_reminders(reading, *remind, deadline);
    }
    if (const Node* escalate = node.find("escalate")) {
        deadline.escalate = read_role(reading, *escalate).value_or("");
    }
    if (const Node* keep = node.find("keep")) {
        deadline.keep = read_boolean(reading, *keep, "keep");
    }
    const Node* target = node.find("target");
    const Node* actions = node.find("actions");
    if (target != nullptr || actions != nullptr) {
        Transition transition{.source = state, .place = node.place};
        transition.events = {event_of("deadline.expired", reading.definition.state(state).id)};
        if (target != nullptr) {
            transition.targets = read_targets(reading, state, *target);
        }
        if (actions != nullptr) {
            transition.actions = read_block(reading, state, *actions, "actions");
        }
        transition.internal = is_internal(reading.definition, transition, false);
        add_transition(reading, std::move(transition));
    }
    reading.definition.states[state].deadline = std::move(deadline);
}

}  // namespace sillage
