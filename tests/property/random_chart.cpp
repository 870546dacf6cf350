#include "tests/property/random_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/base/json.hpp"
#include "tests/support/findings.hpp"

namespace sillage::test {
namespace {

using boost::json::array;
using boost::json::object;

/// Deepest nesting of states. Chosen: enough for regions within regions.
constexpr std::uint64_t depth_max = 3;
/// States past which none has children. Chosen: room for parallel states in each other, and quick
/// to read.
constexpr std::uint64_t nested_after_max = 10;
/// `e0` … `e4`.
constexpr std::uint64_t event_count = 5;

struct Node {
    std::string_view kind;  ///< `atomic`, `compound`, `parallel`, `final`, `history`
    std::uint64_t name = 0;
    std::vector<Node> children = {};
};

/// A key of a mapping and its value, so that a state can be put together in one expression.
object one(std::string_view key, boost::json::value value) {
    object result;
    result.emplace(key, std::move(value));
    return result;
}

std::string reference(std::uint64_t name) { return fmt::format("#i{}", name); }

/// Guards: comparisons, look-ups, some that fail for some values.
constexpr std::array guards = {"n % 2 == 0",
                               "n > 3",
                               "10 / (n - 2) > 1",
                               "flag || n > m",
                               "n in items",
                               "note.a != n",
                               "size(items) > 2",
                               "last('e1') == null",
                               "event.name != 'e2'",
                               "actor.id == 'u1'",
                               "items[0] < 4 && !flag",
                               "m + note.b < 9"};

/// Assignments, several fields at once among them; some fail for some values.
constexpr std::array<std::array<std::string_view, 4>, 8> assignments = {{
    {"n", "${(n * 3 + 1) % 7}", "", ""},
    {"n", "${m}", "m", "${n}"},
    {"flag", "${!flag}", "n", "${flag ? 2 : 5}"},
    {"items", "${size(items) > 4 ? [n] : items + [n]}", "", ""},
    {"note.a", "${note.b}", "note.b", "${n}"},
    {"m", "${m + 3}", "", ""},
    {"n", "${10 / m}", "", ""},
    {"note", "${{'b': n, 'a': m}}", "flag", "${n > m}"},
}};

class ChartWriter {
  public:
    explicit ChartWriter(Dice& dice) : dice_(dice) {}

    object write() {
        Node root{.kind = dice_.chance(1, 8) ? "parallel" : "compound"};
        grow(root, 0);
        list_regions(root);
        object chart{{"workflow", "random"}, {"version", 1}};
        chart["roles"] = object{{"r0", object()}, {"r1", object()}, {"r2", object()}};
        chart["context"] = context();
        if (root.kind == "parallel") {
            chart["type"] = "parallel";
        } else {
            chart["initial"] = fmt::format("s{}", root.children.front().name);
        }
        chart["on"] = one("ping", one("actions", array{assign()}));
        if (dice_.chance(1, 4)) {
            chart["on"].as_object()["e0"] = transition(0);
        }
        if (dice_.chance(1, 8)) {
            chart["on"].as_object()["*"] = one("actions", array{assign()});
        }
        chart["states"] = states_of(root);
        return chart;
    }

  private:
    static object context() {
        const auto integer = [](int value) {
            return object{{"type", "integer"}, {"default", value}};
        };
        object note{{"type", "object"}, {"default", object{{"a", 1}, {"b", 2}}}};
        note["properties"] = object{{"a", one("type", "integer")}, {"b", one("type", "integer")}};
        object fields{{"n", integer(1)}, {"m", integer(0)}};
        fields["m"].as_object()["maximum"] = 9;
        fields["flag"] = object{{"type", "boolean"}, {"default", false}};
        fields["items"] = object{{"type", "array"}, {"default", array{1, 3}}};
        fields["items"].as_object()["items"] = one("type", "integer");
        fields["note"] = std::move(note);
        return fields;
    }

    std::string_view kind_below(const Node& parent, std::uint64_t depth, bool is_first) {
        const bool may_nest = depth < depth_max && names_ < nested_after_max;
        if (parent.kind == "parallel") {
            return may_nest && dice_.chance(3, 4) ? "compound" : "atomic";
        }
        const std::uint64_t roll = dice_.roll(10);
        if (may_nest && roll < 4) {
            return roll < 2 ? "compound" : "parallel";
        }
        // An instance that ends soon shows little.
        return !is_first && roll == 9 && (depth > 0 || dice_.chance(1, 4)) ? "final" : "atomic";
    }

    void grow(Node& node, std::uint64_t depth) {
        const std::uint64_t count = 2 + dice_.roll(2);
        for (std::uint64_t i = 0; i < count; ++i) {
            Node child{.kind = kind_below(node, depth, i == 0), .name = names_++};
            if (child.kind != "final" || dice_.chance(1, 3)) {
                targets_.push_back(child.name);
            }
            if (child.kind == "compound" || child.kind == "parallel") {
                grow(child, depth + 1);
            }
            node.children.push_back(std::move(child));
        }
        if (depth > 0 && dice_.chance(1, 2)) {
            targets_.push_back(names_);
            node.children.push_back({.kind = "history", .name = names_++});
        }
    }

    /// The states below a node and itself, in document order; notes each parallel's on the way.
    std::vector<std::uint64_t> list_regions(const Node& node) {
        std::vector<std::uint64_t> all{node.name};
        std::vector<std::vector<std::uint64_t>> regions;
        for (const Node& child : node.children) {
            const auto below = list_regions(child);
            all.insert(all.end(), below.begin(), below.end());
            if (child.kind != "history") {
                regions.push_back(below);
            }
        }
        if (node.kind == "parallel") {
            parallels_.push_back(std::move(regions));
        }
        return all;
    }

    std::string target() { return reference(targets_[dice_.roll(targets_.size())]); }

    /// One state, or one in each region of some parallel state.
    boost::json::value some_targets() {
        if (parallels_.empty() || !dice_.chance(1, 6)) {
            return boost::json::string(target());
        }
        array targets;
        for (const auto& region : parallels_[dice_.roll(parallels_.size())]) {
            targets.emplace_back(reference(region[dice_.roll(region.size())]));
        }
        return targets;
    }

    const char* guard() { return guards[dice_.roll(guards.size())]; }

    object assign() {
        const auto& fields = assignments[dice_.roll(assignments.size())];
        object values;
        for (std::size_t i = 0; i < fields.size() && !fields[i].empty(); i += 2) {
            values.emplace(fields[i], fields[i + 1]);
        }
        return one("assign", std::move(values));
    }

    /// Mostly later events than the one being processed, so that few charts raise for ever.
    object raise(std::uint64_t after) {
        const std::uint64_t event =
            dice_.chance(1, 30) ? 0 : after + 1 + dice_.roll(event_count - after);
        return one("raise", boost::json::string(fmt::format("e{}", event)));
    }

    object action(std::uint64_t event) {
        switch (dice_.roll(12)) {
            case 0:
                return raise(event);
            case 1:
                return one("send", one("event", "ping"));
            case 2:
                return object{
                    {"if", guard()}, {"then", array{assign()}}, {"else", array{assign()}}};
            case 3:
                return object{{"foreach", object{{"in", "items"}, {"as", "item"}}},
                              {"do", array{one("assign", one("n", "${(n + item) % 7}"))}}};
            case 4:
                return one("emit", object{{"type", "random.seen"}, {"data", one("n", "${n}")}});
            case 5:
                return one("log", "n is ${n}");
            default:
                return assign();
        }
    }

    array actions(std::uint64_t event) {
        array list{action(event)};
        if (dice_.chance(1, 3)) {
            list.push_back(action(event));
        }
        return list;
    }

    void add_guard(object& transition) {
        if (dice_.chance(1, 8)) {
            array clauses;
            clauses.push_back(object{{"check", guard()}, {"otherwise", "The first says no."}});
            clauses.push_back(one("check", guard()));
            transition["guard"] = std::move(clauses);
        } else if (dice_.chance(1, 2)) {
            transition["guard"] = guard();
        }
    }

    /// What the engine itself may take: without role and form.
    object engine_transition(std::uint64_t event) {
        object transition;
        if (dice_.chance(3, 4)) {
            transition["target"] = some_targets();
        }
        add_guard(transition);
        transition["actions"] = actions(event);
        return transition;
    }

    object transition(std::uint64_t event) {
        object transition = engine_transition(event);
        if (dice_.chance(1, 3)) {
            transition["by"] = fmt::format("r{}", dice_.roll(2));
        }
        if (dice_.chance(1, 5)) {
            transition["reenter"] = true;
        }
        if (dice_.chance(1, 6)) {
            object field{{"type", "integer"}, {"minimum", 0}, {"required", true}};
            transition["form"] = one("k", std::move(field));
            transition["actions"] = array{one("assign", one("n", "${event.data.k}"))};
        }
        return transition;
    }

    object events() {
        object events;
        const std::uint64_t first = dice_.roll(event_count);
        const std::uint64_t count = 1 + dice_.roll(3);
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t event = (first + i) % event_count;
            events.emplace(fmt::format("e{}", event), array{transition(event), transition(event)});
        }
        if (dice_.chance(1, 8)) {
            events["error.execution"] = engine_transition(event_count - 1);
        }
        return events;
    }

    /// An eventless transition that soon makes its own guard false.
    object eventless() {
        object transition{{"target", target()}};
        if (dice_.chance(1, 2)) {
            transition["guard"] = "n == 4";
            transition["actions"] = array{one("assign", one("n", "${n + 1}"))};
        } else {
            transition["guard"] = "flag";
            transition["actions"] = array{one("assign", one("flag", false))};
        }
        return transition;
    }

    void add_timers(object& state) {
        if (dice_.chance(1, 8)) {
            state["after"] = one("30 min", engine_transition(event_count - 1));
        }
        if (dice_.chance(1, 8)) {
            object deadline{{"within", "2 hours"}, {"remind", array{"1 hour"}}};
            if (dice_.chance(1, 2)) {
                deadline["target"] = target();
            }
            if (dice_.chance(1, 2)) {
                deadline["keep"] = true;
            }
            state["deadline"] = std::move(deadline);
        }
    }

    void add_behaviour(object& state) {
        state["on"] = events();
        add_timers(state);
        if (dice_.chance(1, 6)) {
            state["always"] = eventless();
        }
        if (dice_.chance(1, 5)) {
            state["entry"] = actions(event_count - 1);
        }
        if (dice_.chance(1, 5)) {
            state["exit"] = actions(event_count - 1);
        }
        if (dice_.chance(1, 25)) {
            state["always_true"] = array{"n != 5"};
        }
    }

    object history_state(const Node& parent) {
        return object{{"type", "history"},
                      {"history", dice_.chance(1, 2) ? "deep" : "shallow"},
                      {"target", reference(parent.children.front().name)}};
    }

    object state_of(const Node& node) {
        if (node.kind == "final") {
            return one("type", "final");
        }
        object state;
        add_behaviour(state);
        if (node.children.empty()) {
            return state;
        }
        if (dice_.chance(1, 2)) {
            state["onDone"] = engine_transition(event_count - 1);
        }
        const std::string first = fmt::format("s{}", node.children.front().name);
        if (node.kind == "parallel") {
            state["type"] = "parallel";
        } else if (dice_.chance(1, 5)) {
            state["initial"] = object{{"target", first}, {"actions", array{assign()}}};
        } else {
            state["initial"] = first;
        }
        state["states"] = states_of(node);
        return state;
    }

    object states_of(const Node& parent) {
        object states;
        for (const Node& child : parent.children) {
            object state = child.kind == "history" ? history_state(parent) : state_of(child);
            state["id"] = fmt::format("i{}", child.name);
            states.emplace(fmt::format("s{}", child.name), std::move(state));
        }
        return states;
    }

    Dice& dice_;
    std::uint64_t names_ = 0;
    std::vector<std::uint64_t> targets_;
    /// By parallel state and region: the states there.
    std::vector<std::vector<std::vector<std::uint64_t>>> parallels_;
};

}  // namespace

object random_chart(Dice& dice) { return ChartWriter(dice).write(); }

std::string chart_text(const object& chart) {
    const std::string json = to_json_text(chart);
    std::string text;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const bool begins_line =
            json[i] == '"' && i > 1 && json[i - 1] == ',' && json[i - 2] == '}';
        text += begins_line ? "\n" : "";
        text += json[i];
    }
    return text;
}

std::shared_ptr<const Definition> read_chart(const object& chart) {
    return definition_of(chart_text(chart));
}

bool is_legal(const Definition& definition, const Snapshot& snapshot) {
    const auto active_children = [&](StateIndex state) {
        return std::ranges::count_if(definition.state(state).children,
                                     [&](StateIndex child) { return is_active(snapshot, child); });
    };
    const auto regions = [&](StateIndex state) {
        return std::ranges::count_if(definition.state(state).children, [&](StateIndex child) {
            return definition.state(child).type != StateType::history;
        });
    };
    if (snapshot.done) {
        return snapshot.configuration.empty();
    }
    const bool is_parallel = definition.state(root_state).type == StateType::parallel;
    if (active_children(root_state) != (is_parallel ? regions(root_state) : 1)) {
        return false;
    }
    return std::ranges::all_of(snapshot.configuration, [&](StateIndex index) {
        const State& state = definition.state(index);
        const bool has_parent = state.parent == root_state || is_active(snapshot, state.parent);
        switch (state.type) {
            case StateType::compound:
                return has_parent && active_children(index) == 1;
            case StateType::parallel:
                return has_parent && active_children(index) == regions(index);
            case StateType::history:
                return false;
            case StateType::atomic:
            case StateType::final:
                return has_parent;
        }
        return false;
    });
}

}  // namespace sillage::test
