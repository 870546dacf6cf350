#include "engine/formats/scxml_write.hpp"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>
#include <string_view>
#include <utility>

#include "engine/formats/detail/cel_words.hpp"
#include "engine/formats/detail/scxml_content.hpp"
#include "engine/formats/detail/words.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

/// For engines that know no clauses: all in one expression.
std::string joined_guard(const std::vector<GuardClause>& guard) {
    if (guard.size() == 1) {
        return guard.front().check.text;
    }
    std::string text;
    for (const GuardClause& clause : guard) {
        text += (text.empty() ? "(" : " && (") + clause.check.text + ")";
    }
    return text;
}

void add_text(pugi::xml_node node, std::string_view key, const Text& text) {
    if (!text.empty()) {
        add_extension(node, key, text_words(text));
    }
}

void add_meta(pugi::xml_node node, const json::value& meta) {
    if (!meta.is_null()) {
        add_extension(node, "meta", meta);
    }
}

/// A `<scxml>` has neither transitions nor content of its own: what has them is wrapped in a state.
bool needs_wrapper(const State& root) {
    return root.type == StateType::parallel || !root.transitions.empty() || !root.after.empty() ||
           !root.entry.empty() || !root.exit.empty() || !root.initial.actions.empty();
}

class ScxmlWriter {
  public:
    explicit ScxmlWriter(const Definition& definition) : definition_(definition) {}

    [[nodiscard]] std::string write() {
        auto declaration = document_.append_child(pugi::node_declaration);
        declaration.append_attribute("version") = "1.0";
        declaration.append_attribute("encoding") = "UTF-8";
        auto top = document_.append_child("scxml");
        add_attribute(top, "xmlns", "http://www.w3.org/2005/07/scxml");
        add_attribute(top, "xmlns:sillage", scxml_extension_namespace);
        add_attribute(top, "version", "1.0");
        add_attribute(top, "datamodel", "cel");
        add_attribute(top, "name", definition_.name);
        add_attribute(top, "sillage:version", std::to_string(definition_.version));
        const State& root = definition_.state(root_state);
        const bool is_wrapped = needs_wrapper(root);
        const std::string wrapper = is_wrapped ? wrapper_id() : "";
        if (is_wrapped) {
            add_attribute(top, "initial", wrapper);
        } else {
            add_attribute(top, "initial", ids_of(root.initial.targets));
        }
        add_header(top);
        if (is_wrapped) {
            add_wrapper(top, wrapper);
        } else {
            add_children(top, root);
        }
        std::ostringstream text;
        document_.save(text, "  ");
        return text.str();
    }

  private:
    [[nodiscard]] std::string ids_of(const std::vector<StateIndex>& states) const {
        std::vector<std::string> ids;
        for (const StateIndex state : states) {
            ids.push_back(definition_.state(state).id);
        }
        return joined(ids);
    }

    [[nodiscard]] std::string wrapper_id() const {
        std::string id = "_workflow";
        while (definition_.find_state(id)) {
            id += '_';
        }
        return id;
    }

    void add_header(pugi::xml_node top) const {
        add_text(top, "title", definition_.title);
        add_text(top, "description", definition_.description);
        add_extension(top, "timezone", json::value(definition_.calendar.timezone));
        add_extension(top, "calendar", calendar_words(definition_.calendar));
        if (!definition_.roles.empty()) {
            add_extension(top, "roles", roles_words(definition_.roles));
        }
        add_meta(top, definition_.meta);
        if (definition_.context.empty()) {
            return;
        }
        auto model = top.append_child("datamodel");
        for (const Field& field : definition_.context) {
            auto data = model.append_child("data");
            add_attribute(data, "id", field.name);
            if (field.schema.default_value) {
                add_attribute(data, "expr", cel_words(*field.schema.default_value));
            }
            add_extension(data, "field", field_words(field));
        }
    }

    void add_wrapper(pugi::xml_node top, const std::string& id) const {
        const State& root = definition_.state(root_state);
        auto node = top.append_child(root.type == StateType::parallel ? "parallel" : "state");
        add_attribute(node, "id", id);
        add_attribute(node, "sillage:root", "true");
        add_behaviour(node, root);
    }

    void add_children(pugi::xml_node parent, const State& state) const {
        for (const StateIndex child : state.children) {
            add_state(parent, definition_.state(child));
        }
    }

    void add_state(pugi::xml_node parent, const State& state) const {
        switch (state.type) {
            case StateType::atomic:
            case StateType::compound:
                add_described(parent.append_child("state"), state);
                return;
            case StateType::parallel:
                add_described(parent.append_child("parallel"), state);
                return;
            case StateType::final:
                add_described(parent.append_child("final"), state);
                return;
            case StateType::history:
                add_history(parent.append_child("history"), state);
                return;
        }
    }

    static void add_description(pugi::xml_node node, const State& state) {
        if (!state.alias.empty()) {
            add_extension(node, "id", json::value(state.alias));
        }
        add_text(node, "title", state.title);
        if (!state.title_for.empty()) {
            add_extension(node, "title_for", title_for_words(state));
        }
        add_text(node, "description", state.description);
        if (!state.tags.empty()) {
            add_extension(node, "tags", list_words(state.tags));
        }
        add_meta(node, state.meta);
        if (!state.waiting_for.empty()) {
            add_extension(node, "waiting_for", json::value(state.waiting_for));
        }
    }

    void add_described(pugi::xml_node node, const State& state) const {
        add_attribute(node, "id", state.id);
        if (state.type == StateType::compound && state.initial.actions.empty()) {
            add_attribute(node, "initial", ids_of(state.initial.targets));
        }
        add_description(node, state);
        add_behaviour(node, state);
    }

    void add_history(pugi::xml_node node, const State& state) const {
        add_attribute(node, "id", state.id);
        add_attribute(node, "type", state.history == HistoryType::deep ? "deep" : "shallow");
        add_description(node, state);
        add_start(node, state.initial);
    }

    void add_start(pugi::xml_node parent, const DefaultEntry& entry) const {
        auto transition = parent.append_child("transition");
        add_attribute(transition, "target", ids_of(entry.targets));
        add_block(transition, definition_, entry.actions);
    }

    /// What the root has as well.
    void add_behaviour(pugi::xml_node node, const State& state) const {
        const bool is_root = &state == &definition_.state(root_state);
        if (state.type == StateType::compound && (is_root || !state.initial.actions.empty())) {
            add_start(node.append_child("initial"), state.initial);
        }
        add_engine_words(node, state);
        for (const Block& block : state.entry) {
            add_block(node.append_child("onentry"), definition_, block);
        }
        for (const Block& block : state.exit) {
            add_block(node.append_child("onexit"), definition_, block);
        }
        for (const TransitionIndex transition : state.transitions) {
            add_transition(node, definition_.transitions[transition]);
        }
        add_children(node, state);
        add_output(node, state);
    }

    /// Timers, contracts and children, which SCXML has not, or not so.
    static void add_engine_words(pugi::xml_node node, const State& state) {
        if (state.deadline) {
            add_extension(node, "deadline", deadline_words(*state.deadline));
        }
        if (!state.after.empty()) {
            json::array delays;
            for (const DelayedEvent& delayed : state.after) {
                delays.emplace_back(timer_words(delayed));
            }
            add_extension(node, "after", delays);
        }
        if (!state.always_true.empty()) {
            json::array contract;
            for (const Expression& expression : state.always_true) {
                contract.emplace_back(expression.text);
            }
            add_extension(node, "always_true", contract);
        }
        if (!state.invokes.empty()) {
            add_extension(node, "invoke", invoke_words(state.invokes));
        }
    }

    static void add_output(pugi::xml_node node, const State& state) {
        if (!state.output) {
            return;
        }
        auto done = node.append_child("donedata");
        if (!add_data(done, *state.output)) {
            node.remove_child(done);
            add_extension(node, "output", value_words(*state.output));
        }
    }

    void add_transition(pugi::xml_node parent, const Transition& transition) const {
        auto node = parent.append_child("transition");
        if (!transition.events.empty()) {
            add_attribute(node, "event", joined(transition.events));
        }
        if (!transition.guard.empty()) {
            add_attribute(node, "cond", joined_guard(transition.guard));
        }
        if (!transition.targets.empty()) {
            add_attribute(node, "target", ids_of(transition.targets));
        }
        if (transition.internal) {
            add_attribute(node, "type", "internal");
        }
        add_text(node, "title", transition.title);
        add_text(node, "description", transition.description);
        add_meta(node, transition.meta);
        if (!transition.by.empty()) {
            add_extension(node, "by", list_words(transition.by));
        }
        if (transition.form) {
            add_extension(node, "form", fields_words(*transition.form));
        }
        const bool is_plain_guard =
            transition.guard.empty() ||
            (transition.guard.size() == 1 && transition.guard.front().otherwise.empty());
        if (!is_plain_guard) {
            add_extension(node, "guard", guard_words(transition.guard));
        }
        add_block(node, definition_, transition.actions);
    }

    const Definition& definition_;
    pugi::xml_document document_;
};

}  // namespace

std::string to_scxml(const Definition& definition) {
    return definition.dialect == Dialect::scxml ? definition.source
                                                : ScxmlWriter(definition).write();
}

}  // namespace sillage
