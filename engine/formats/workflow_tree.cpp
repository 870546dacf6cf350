#include "engine/formats/workflow_tree.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "engine/formats/detail/action_words.hpp"
#include "engine/formats/detail/event_order.hpp"
#include "engine/formats/detail/spelling.hpp"
#include "engine/formats/detail/words.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

std::string_view word_of(StateType type) {
    switch (type) {
        case StateType::atomic:
            return "atomic";
        case StateType::compound:
            return "compound";
        case StateType::parallel:
            return "parallel";
        case StateType::final:
            return "final";
        case StateType::history:
            return "history";
    }
    return {};
}

/// One name stands alone, several as a list.
json::value one_or_list(std::vector<std::string> names) {
    return names.size() == 1 ? json::value(names.front()) : json::value(list_words(names));
}

void put_text(json::object& tree, std::string_view key, const Text& text) {
    if (!text.empty()) {
        tree.emplace(key, text_words(text));
    }
}

void put_meta(json::object& tree, const json::value& meta) {
    if (!meta.is_null()) {
        tree.emplace("meta", meta);
    }
}

/// Several blocks, which only SCXML has, follow one another in one.
void put_blocks(json::object& tree, std::string_view key, const Definition& definition,
                const std::vector<Block>& blocks) {
    json::array actions;
    for (const Block& block : blocks) {
        for (json::value& action : block_words(definition, block)) {
            actions.push_back(std::move(action));
        }
    }
    if (!actions.empty()) {
        tree.emplace(key, std::move(actions));
    }
}

class TreeWriter {
  public:
    explicit TreeWriter(const Definition& definition)
        : definition_(definition), spelling_(definition) {}

    [[nodiscard]] json::object write() const {
        json::object tree{{"workflow", definition_.name}, {"version", definition_.version}};
        put_text(tree, "title", definition_.title);
        put_text(tree, "description", definition_.description);
        tree.emplace("timezone", definition_.calendar.timezone);
        tree.emplace("calendar", calendar_words(definition_.calendar));
        if (!definition_.roles.empty()) {
            tree.emplace("roles", roles_words(definition_.roles));
        }
        if (!definition_.context.empty()) {
            tree.emplace("context", fields_words(definition_.context));
        }
        put_meta(tree, definition_.meta);
        write_behaviour(tree, root_state);
        return tree;
    }

  private:
    [[nodiscard]] json::object state_tree(StateIndex index) const {
        const State& state = definition_.state(index);
        json::object tree;
        if (!spelling_.alias(index).empty()) {
            tree.emplace("id", spelling_.alias(index));
        }
        put_text(tree, "title", state.title);
        if (!state.title_for.empty()) {
            tree.emplace("title_for", title_for_words(state));
        }
        put_text(tree, "description", state.description);
        if (!state.tags.empty()) {
            tree.emplace("tags", list_words(state.tags));
        }
        put_meta(tree, state.meta);
        if (!state.waiting_for.empty()) {
            tree.emplace("waiting_for", state.waiting_for);
        }
        write_behaviour(tree, index);
        return tree;
    }

    /// What the root has as well as every other state.
    void write_behaviour(json::object& tree, StateIndex index) const {
        const State& state = definition_.state(index);
        tree.emplace("type", word_of(state.type));
        write_start(tree, index);
        if (state.deadline) {
            tree.emplace("deadline", deadline_words(*state.deadline));
        }
        if (!state.invokes.empty()) {
            tree.emplace("invoke", invoke_words(state.invokes));
        }
        put_blocks(tree, "entry", definition_, state.entry);
        put_blocks(tree, "exit", definition_, state.exit);
        write_contract(tree, state);
        write_transitions(tree, index);
        if (state.output) {
            tree.emplace("output", value_words(*state.output));
        }
        if (!state.children.empty()) {
            json::object states;
            for (const StateIndex child : state.children) {
                states.emplace(definition_.state(child).name, state_tree(child));
            }
            tree.emplace("states", std::move(states));
        }
    }

    void write_start(json::object& tree, StateIndex index) const {
        const State& state = definition_.state(index);
        std::vector<std::string> targets;
        if (state.type == StateType::history) {
            for (const StateIndex target : state.initial.targets) {
                targets.push_back(spelling_.target(index, target));
            }
            tree.emplace("history", state.history == HistoryType::deep ? "deep" : "shallow");
            tree.emplace("target", one_or_list(std::move(targets)));
        } else if (state.type == StateType::compound) {
            for (const StateIndex target : state.initial.targets) {
                targets.push_back(spelling_.initial(index, target));
            }
            json::value start = one_or_list(std::move(targets));
            if (!state.initial.actions.empty()) {
                start = {{"target", std::move(start)},
                         {"actions", block_words(definition_, state.initial.actions)}};
            }
            tree.emplace("initial", std::move(start));
        }
    }

    static void write_contract(json::object& tree, const State& state) {
        if (state.always_true.empty()) {
            return;
        }
        json::array contract;
        for (const Expression& expression : state.always_true) {
            contract.emplace_back(expression.text);
        }
        tree.emplace("always_true", std::move(contract));
    }

    void write_transitions(json::object& tree, StateIndex index) const {
        const State& state = definition_.state(index);
        std::vector<TransitionIndex> eventless;
        std::ranges::copy_if(state.transitions, std::back_inserter(eventless), [&](auto one) {
            return definition_.transitions[one].trigger == Trigger::eventless;
        });
        if (!eventless.empty()) {
            tree.emplace("always", transition_list(eventless, "always"));
        }
        const EventKeys keys = event_keys(definition_, index);
        json::object on;
        for (const EventKey& key : keys.on) {
            on.emplace(key.event, transition_list(key.transitions, key.event));
        }
        json::object after;
        for (std::size_t i = 0; i < keys.after.size(); ++i) {
            after.emplace(timer_words(state.after[i]),
                          transition_list(keys.after[i].transitions, keys.after[i].event));
        }
        if (keys.after_first) {
            tree.emplace("after", std::exchange(after, {}));
        }
        if (!on.empty()) {
            tree.emplace("on", std::move(on));
        }
        if (!after.empty()) {
            tree.emplace("after", std::move(after));
        }
    }

    [[nodiscard]] json::value transition_list(const std::vector<TransitionIndex>& transitions,
                                              const std::string& event) const {
        json::array list;
        for (const TransitionIndex index : transitions) {
            list.emplace_back(transition_tree(definition_.transitions[index], event));
        }
        return list.empty() ? json::value(json::object{}) : json::value(std::move(list));
    }

    [[nodiscard]] json::object transition_tree(const Transition& transition,
                                               const std::string& event) const {
        json::object tree;
        put_text(tree, "title", transition.title);
        put_text(tree, "description", transition.description);
        put_meta(tree, transition.meta);
        write_who(tree, transition, event);
        if (transition.form) {
            tree.emplace("form", fields_words(*transition.form));
        }
        if (!transition.guard.empty()) {
            tree.emplace("guard", guard_words(transition.guard));
        }
        if (!transition.actions.empty()) {
            tree.emplace("actions", block_words(definition_, transition.actions));
        }
        if (!transition.targets.empty()) {
            std::vector<std::string> targets;
            for (const StateIndex target : transition.targets) {
                targets.push_back(spelling_.target(transition.source, target));
            }
            tree.emplace("target", one_or_list(std::move(targets)));
        }
        if (!transition.internal && is_internal_unless_said(transition)) {
            tree.emplace("reenter", true);
        }
        return tree;
    }

    /// Source: language.md, section 3.
    [[nodiscard]] bool is_internal_unless_said(const Transition& transition) const {
        const StateIndex source = transition.source;
        const bool from_compound =
            source == root_state || definition_.state(source).type == StateType::compound;
        return from_compound && !transition.targets.empty() &&
               std::ranges::all_of(transition.targets, [&](StateIndex target) {
                   return definition_.is_descendant(target, source);
               });
    }

    /// Nobody named is any declared role, where an account may send the event at all.
    void write_who(json::object& tree, const Transition& transition,
                   const std::string& event) const {
        std::vector<std::string> who = transition.by;
        const bool by_accounts = transition.trigger == Trigger::event && !is_reserved_event(event);
        if (who.empty() && by_accounts) {
            std::ranges::transform(definition_.roles, std::back_inserter(who), &Role::name);
        }
        if (!who.empty()) {
            tree.emplace("by", list_words(who));
        }
    }

    const Definition& definition_;
    Spelling spelling_;
};

}  // namespace

json::object workflow_tree(const Definition& definition) { return TreeWriter(definition).write(); }

}  // namespace sillage
