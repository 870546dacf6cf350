#include "engine/yaml/detail/targets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/base/nearest.hpp"

namespace sillage {
namespace {

/// Candidates that a message lists at most; chosen as for known names.
constexpr std::size_t candidates_max = 12;

using States = std::unordered_map<std::string, StateIndex>;

std::optional<StateIndex> find_in(const States& states, const std::string& name) {
    const auto found = states.find(name);
    return found == states.end() ? std::nullopt : std::optional(found->second);
}

std::string path_below(const Reading& reading, StateIndex state, std::string_view path) {
    const std::string& id = reading.definition.state(state).id;
    return id.empty() ? std::string(path) : fmt::format("{}.{}", id, path);
}

std::vector<std::string> ids_of(const Reading& reading, const std::vector<StateIndex>& states) {
    std::vector<std::string> ids;
    for (const StateIndex state : states) {
        ids.push_back(reading.definition.state(state).id);
    }
    return ids;
}

std::string listed(const std::vector<std::string>& names) {
    const std::size_t shown = std::min(names.size(), candidates_max);
    return fmt::format(
        "{}{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < names.size() ? ", …" : "");
}

/// What the author may have meant: the ids of the nearest name, then the states around the source.
std::string candidates_for(const Reading& reading, StateIndex source, std::string_view text) {
    const auto last = text.substr(text.find_last_of("#.") + 1);
    std::vector<std::string> names;
    for (const State& state : reading.definition.states) {
        names.push_back(state.name);
    }
    const std::string near = nearest(last, std::span<const std::string>(names));
    std::vector<std::string> ids;
    if (const auto found = reading.states_by_name.find(near);
        found != reading.states_by_name.end()) {
        ids = ids_of(reading, found->second);
    }
    const std::string meant = ids.size() == 1 ? did_you_mean(ids.front()) : ";";
    const State& parent = reading.definition.state(reading.definition.state(source).parent);
    for (std::string& id : ids_of(reading, parent.children)) {
        if (std::ranges::find(ids, id) == ids.end()) {
            ids.push_back(std::move(id));
        }
    }
    return fmt::format("{} candidates: {}", meant, listed(ids));
}

void report_unknown(Reading& reading, StateIndex source, const Node& node) {
    const std::string& text = node.text;
    if (reading.findings.is_full()) {
        reading.error(node, "unknown-target", fmt::format("no state {}", quoted(text)));
        return;
    }
    if (text.starts_with('#')) {
        KeyList aliases;
        for (const State& state : reading.definition.states) {
            if (!state.alias.empty()) {
                aliases.emplace_back(state.alias);
            }
        }
        reading.error(node, "unknown-target",
                      fmt::format("no state has the id {}{}", quoted(text.substr(1)),
                                  aliases.empty() ? "; no state of this file has an id: key"
                                                  : suggest(text.substr(1), aliases)));
        return;
    }
    reading.error(
        node, "unknown-target",
        fmt::format("no state {}{}", quoted(text), candidates_for(reading, source, text)));
}

StateIndex lowest_common_ancestor(const Definition& definition, StateIndex a, StateIndex b) {
    while (a != b && !definition.is_descendant(b, a)) {
        a = definition.state(a).parent;
    }
    return a;
}

/// Source: SCXML 3.11, legal state configurations and specifications.
void check_together(Reading& reading, const std::vector<StateIndex>& targets, const Node& node) {
    const Definition& definition = reading.definition;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        for (std::size_t j = i + 1; j < targets.size(); ++j) {
            const StateIndex a = targets[i];
            const StateIndex b = targets[j];
            const StateIndex common = lowest_common_ancestor(definition, a, b);
            if (a == b) {
                reading.error(*node.items[j], "duplicate-target",
                              fmt::format("{} stands twice in this list", definition.state(a).id));
            } else if (common != a && common != b &&
                       definition.state(common).type != StateType::parallel) {
                reading.error(*node.items[j], "targets-apart",
                              fmt::format("{} and {} are never active together; only states in "
                                          "different regions of a parallel state are",
                                          definition.state(a).id, definition.state(b).id));
            }
        }
    }
}

template <class Resolve>
std::vector<StateIndex> read_each(Reading& reading, const Node& node, Resolve resolve) {
    std::vector<StateIndex> targets;
    if (node.kind != NodeKind::list) {
        if (const auto target = resolve(node)) {
            targets.push_back(*target);
        }
        return targets;
    }
    if (node.items.empty()) {
        reading.error(node, "empty-list", "this list names no target; name one, or leave it out");
    }
    for (const NodePtr& item : node.items) {
        if (const auto target = resolve(*item)) {
            targets.push_back(*target);
        }
    }
    if (targets.size() == node.items.size()) {
        check_together(reading, targets, node);
    }
    return targets;
}

}  // namespace

std::optional<StateIndex> resolve_target(Reading& reading, StateIndex source, const Node& node) {
    const auto text = read_word(reading, node, "a target");
    if (!text) {
        return std::nullopt;
    }
    std::optional<StateIndex> target;
    if (reading.full_ids) {
        target = find_in(reading.states_by_id, *text);
    } else if (text->starts_with('.')) {
        target = find_in(reading.states_by_id, path_below(reading, source, text->substr(1)));
    } else if (text->starts_with('#')) {
        target = find_in(reading.states_by_alias, text->substr(1));
    } else {
        const StateIndex parent = reading.definition.state(source).parent;
        if (text->find('.') == std::string::npos && source != root_state) {
            target = find_in(reading.states_by_id, path_below(reading, parent, *text));
        }
        if (!target) {
            target = find_in(reading.states_by_id, *text);
        }
        const auto named = reading.states_by_name.find(*text);
        if (!target && named != reading.states_by_name.end()) {
            if (named->second.size() > 1) {
                reading.error(node, "ambiguous-target",
                              fmt::format("{} may be {}; write the whole path", quoted(*text),
                                          listed(ids_of(reading, named->second))));
                return std::nullopt;
            }
            target = named->second.front();
        }
    }
    if (!target) {
        report_unknown(reading, source, node);
    }
    return target;
}

std::vector<StateIndex> read_targets(Reading& reading, StateIndex source, const Node& node) {
    return read_each(reading, node,
                     [&](const Node& item) { return resolve_target(reading, source, item); });
}

std::vector<StateIndex> read_initial_targets(Reading& reading, StateIndex state, const Node& node) {
    const auto& children = reading.definition.state(state).children;
    return read_each(reading, node, [&](const Node& item) -> std::optional<StateIndex> {
        auto target = item.kind == NodeKind::text && !reading.full_ids
                          ? find_in(reading.states_by_id, path_below(reading, state, item.text))
                          : std::nullopt;
        if (!target) {
            if (item.kind == NodeKind::text && is_state_name(item.text) && !reading.full_ids &&
                !reading.states_by_name.contains(item.text)) {
                KeyList names;
                for (const StateIndex child : children) {
                    names.emplace_back(reading.definition.state(child).name);
                }
                const std::string near =
                    nearest(item.text, std::span<const std::string_view>(names));
                reading.error(item, "unknown-target",
                              fmt::format("no state {} here{} candidates: {}", quoted(item.text),
                                          near.empty() ? ";" : did_you_mean(near),
                                          listed(ids_of(reading, children))));
                return std::nullopt;
            }
            target = resolve_target(reading, state, item);
        }
        if (target && !reading.definition.is_descendant(*target, state)) {
            reading.error(item, "initial",
                          fmt::format("{} is not inside this state; candidates: {}",
                                      reading.definition.state(*target).id,
                                      listed(ids_of(reading, children))));
            return std::nullopt;
        }
        return target;
    });
}

}  // namespace sillage
