#include "engine/formats/detail/sketch.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/nearest.hpp"

namespace sillage {
namespace {

/// Code points of a guard that an arrow shows. Chosen: two or three of its lines.
constexpr std::size_t guard_width_max = 56;

bool begins_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_code_point));
}

/// `mission_prep` as a reader would say it.
std::string spoken(const std::string& name) {
    std::string words = name;
    std::ranges::replace(words, '_', ' ');
    return words;
}

class Sketcher {
  public:
    Sketcher(const Definition& definition, const DiagramOptions& options)
        : definition_(definition), phrases_(options.languages) {}

    [[nodiscard]] Sketch draw(const std::vector<StateIndex>& active) {
        const std::string title = phrases_.plain(definition_.title);
        sketch_.title = (title.empty() ? definition_.name : title) + " · " +
                        std::to_string(definition_.version);
        for (const State& state : definition_.states) {
            sketch_.nodes.push_back(node_of(state));
        }
        for (StateIndex state : active) {
            for (; state != root_state; state = definition_.state(state).parent) {
                sketch_.nodes[state].active = true;
            }
        }
        for (const Transition& transition : definition_.transitions) {
            add(transition);
        }
        return std::move(sketch_);
    }

  private:
    [[nodiscard]] std::string role_title(const std::string& name) const {
        const Role* role = definition_.find_role(name);
        const std::string title = role == nullptr ? "" : phrases_.plain(role->title);
        return title.empty() ? name : title;
    }

    [[nodiscard]] std::string title_of(const State& state) const {
        const std::string title = phrases_.plain(state.title);
        return title.empty() ? spoken(state.name) : title;
    }

    [[nodiscard]] SketchNode node_of(const State& state) const {
        SketchNode node{.title = title_of(state)};
        if (!state.waiting_for.empty()) {
            node.notes.push_back(phrases_.waits_for(role_title(state.waiting_for)));
        }
        if (state.deadline) {
            node.notes.push_back(shortened(phrases_.deadline(*state.deadline), guard_width_max));
        }
        for (const Invoke& invoke : state.invokes) {
            node.notes.push_back(
                phrases_.runs(invoke.workflow.empty() ? invoke.id : invoke.workflow));
        }
        return node;
    }

    void add(const Transition& transition) {
        const std::string line = line_of(transition);
        const bool moves = std::ranges::any_of(
            transition.targets, [&](StateIndex target) { return target != transition.source; });
        if (!moves) {
            add_line(sketch_.nodes[transition.source].inside,
                     line + (transition.targets.empty() ? "" : " ↺"));
            return;
        }
        for (const StateIndex target : transition.targets) {
            const auto is_same = [&](const SketchEdge& edge) {
                return edge.from == transition.source && edge.to == target;
            };
            auto edge = std::ranges::find_if(sketch_.edges, is_same);
            if (edge == sketch_.edges.end()) {
                edge = sketch_.edges.insert(sketch_.edges.end(),
                                            {.from = transition.source, .to = target});
            }
            add_line(edge->lines, line);
        }
    }

    static void add_line(std::vector<std::string>& lines, const std::string& line) {
        if (!line.empty() && std::ranges::find(lines, line) == lines.end()) {
            lines.push_back(line);
        }
    }

    /// `Send to my mentor (Company) [score >= 60]`
    [[nodiscard]] std::string line_of(const Transition& transition) const {
        std::string line = phrases_.plain(transition.title);
        if (line.empty()) {
            for (const std::string& event : transition.events) {
                line += (line.empty() ? "" : ", ") + event_words(transition.source, event);
            }
        }
        std::string who;
        for (const std::string& role : transition.by) {
            if (role != "system") {
                who += (who.empty() ? "" : ", ") + role_title(role);
            }
        }
        line += who.empty() ? "" : " (" + who + ")";
        std::string guard;
        for (const GuardClause& clause : transition.guard) {
            guard += (guard.empty() ? "" : " && ") + clause.check.text;
        }
        if (!guard.empty()) {
            line += (line.empty() ? "[" : " [") + shortened(guard, guard_width_max) + "]";
        }
        return line;
    }

    /// What an event is to whoever reads a diagram: the engine's own in words.
    [[nodiscard]] std::string event_words(StateIndex source, const std::string& event) const {
        const State& state = definition_.state(source);
        for (const DelayedEvent& delayed : state.after) {
            if (event == delayed.event) {
                return phrases_.after(delayed.delay);
            }
        }
        for (const auto& [prefix, words] :
             {std::pair("deadline.expired.", phrases_.deadline_passed()),
              std::pair("deadline.approaching.", phrases_.reminder()),
              std::pair("done.state.", phrases_.done())}) {
            if (event.starts_with(prefix)) {
                const auto about = event.substr(std::string_view(prefix).size());
                return about == state.id ? words : phrases_.about(words, about_words(about));
            }
        }
        return event == "error" || event == "error.*" ? phrases_.failed() : event;
    }

    /// The title of the state with that id; of several, `follow_up.*`, the id itself.
    [[nodiscard]] std::string about_words(const std::string& id) const {
        const auto state = definition_.find_state(id);
        return state ? title_of(definition_.state(*state)) : id;
    }

    const Definition& definition_;
    Phrases phrases_;
    Sketch sketch_;
};

}  // namespace

Sketch sketch_of(const Definition& definition, const DiagramOptions& options) {
    return Sketcher(definition, options).draw(options.active);
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
    std::vector<std::string> lines;
    std::string word;
    const auto end_word = [&] {
        if (word.empty()) {
            return;
        }
        if (lines.empty() || width_of(lines.back()) + 1 + width_of(word) > width) {
            lines.push_back(word);
        } else {
            lines.back() += " " + word;
        }
        word.clear();
    };
    for (const char c : text) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') {
            end_word();
        } else {
            word += c;
        }
    }
    end_word();
    return lines;
}

std::string shortened(const std::string& text, std::size_t width) {
    if (width_of(text) <= width) {
        return text;
    }
    std::size_t count = 0;
    std::size_t end = 0;
    while (end < text.size() && (count += begins_code_point(text[end]) ? 1U : 0U) < width) {
        ++end;
    }
    return text.substr(0, end) + "…";
}

Result<std::vector<StateIndex>> find_states(const Definition& definition,
                                            const std::vector<std::string>& ids) {
    std::vector<StateIndex> found;
    for (const std::string& id : ids) {
        const auto by_alias = std::ranges::find_if(definition.states, [&](const State& state) {
            return !state.alias.empty() && "#" + state.alias == id;
        });
        const auto state =
            by_alias == definition.states.end()
                ? definition.find_state(id)
                : std::optional(static_cast<StateIndex>(by_alias - definition.states.begin()));
        if (!state) {
            std::vector<std::string> known;
            for (const State& one : definition.states) {
                known.push_back(one.id);
            }
            const std::string near = nearest(id, std::span<const std::string>(known));
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "There is no state \"" + id + "\"" +
                                    (near.empty() ? "." : did_you_mean(near))};
        }
        found.push_back(*state);
    }
    return found;
}

}  // namespace sillage
