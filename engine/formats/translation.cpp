// SCXML's terms in a workflow's: ids become paths of names, `_event` is `event`, `data` are fields
// that the top sets when it is entered, a loop's variables are copied into the fields they are, and
// a `send` to `#_internal` is a `raise`. What has no such term is a loss that is named.
#include "engine/formats/detail/translation.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/cel/scope.hpp"
#include "engine/formats/detail/cel_rename.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// Variables of SCXML that a workflow has not.
constexpr std::string_view lost_variables[] = {"_sessionid", "_name", "_ioprocessors"};

std::string with_only(std::string_view text, std::string_view signs) {
    std::string name;
    for (const char c : text) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        const bool may_stand =
            is_letter || (c >= '0' && c <= '9') || signs.find(c) != std::string_view::npos;
        name += may_stand ? c : '_';
    }
    const bool begins_badly =
        name.empty() || name.front() == '-' || (name.front() >= '0' && name.front() <= '9');
    return begins_badly ? "_" + name : name;
}

std::optional<std::string> literal_text(const ValueTemplate& value) {
    const auto* literal = std::get_if<json::value>(&value.node);
    const auto* text = literal == nullptr ? nullptr : literal->if_string();
    return text == nullptr ? std::nullopt : std::optional(std::string(*text));
}

ValueTemplate literal(const std::string& text) { return {.node = json::value(text)}; }

class Translator {
  public:
    explicit Translator(const Definition& definition) : result_{.definition = definition} {}

    [[nodiscard]] Translation translate() {
        Definition& definition = result_.definition;
        definition.name = with_only(definition.name.empty() ? "workflow" : definition.name, "-.");
        name_states();
        name_fields();
        for (Transition& transition : definition.transitions) {
            translate_transition(transition);
        }
        for (State& state : definition.states) {
            translate_state(state);
        }
        set_data();
        lose_if(definition.late_binding,
                "Data are set when the workflow starts, not when their "
                "state is entered.");
        definition.dialect = Dialect::workflow;
        return std::move(result_);
    }

  private:
    void lose_if(bool is_lost, const std::string& sentence) {
        auto& losses = result_.losses;
        if (is_lost && std::ranges::find(losses, sentence) == losses.end()) {
            losses.push_back(sentence);
        }
    }

    void name_states() {
        auto& states = result_.definition.states;
        for (StateIndex index = root_state + 1; index < states.size(); ++index) {
            State& state = states[index];
            const std::string before = state.id;
            state.name = with_only(before, "-");
            const auto& siblings = states[state.parent].children;
            const auto is_taken = [&](StateIndex other) {
                return other < index && states[other].name == state.name;
            };
            while (std::ranges::any_of(siblings, is_taken)) {
                state.name += '_';
            }
            const std::string& above = states[state.parent].id;
            state.id = state.parent == root_state ? state.name : above + "." + state.name;
            names_.states.emplace(before, state.id);
        }
    }

    void name_fields() {
        names_.variables.emplace("_event", "event");
        auto& fields = result_.definition.context;
        for (Field& field : fields) {
            std::string name = with_only(field.name, "");
            const auto is_taken = [&](const Field& other) {
                return &other != &field && other.name == name;
            };
            while (std::ranges::binary_search(reserved_names(), name) ||
                   std::ranges::any_of(fields, is_taken)) {
                name += '_';
            }
            if (name != field.name) {
                names_.variables.emplace(field.name, name);
                field.name = name;
            }
        }
    }

    void rename(Expression& expression) {
        for (const std::string_view variable : lost_variables) {
            lose_if(expression.text.find(variable) != std::string::npos,
                    "A workflow has no variable " + std::string(variable) + ".");
        }
        expression.text = renamed(expression.text, names_);
    }

    void rename(ValueTemplate& value) {
        if (auto* expression = std::get_if<Expression>(&value.node)) {
            rename(*expression);
        } else if (auto* pieces = std::get_if<TextPieces>(&value.node)) {
            for (auto& piece : *pieces) {
                if (auto* inside = std::get_if<Expression>(&piece)) {
                    rename(*inside);
                }
            }
        } else if (auto* list = std::get_if<ValueTemplate::List>(&value.node)) {
            for (ValueTemplate& item : *list) {
                rename(item);
            }
        } else if (auto* members = std::get_if<ValueTemplate::Members>(&value.node)) {
            for (auto& member : *members) {
                rename(member.second);
            }
        }
    }

    [[nodiscard]] std::string field_name(const std::string& before) const {
        const auto found = names_.variables.find(before);
        return found == names_.variables.end() ? before : found->second;
    }

    /// `done.state.ID` of a state that has another id now.
    [[nodiscard]] std::string event_name(const std::string& event) const {
        constexpr std::string_view prefix = "done.state.";
        const auto state = event.starts_with(prefix)
                               ? names_.states.find(event.substr(prefix.size()))
                               : names_.states.end();
        return state == names_.states.end() ? event : std::string(prefix) + state->second;
    }

    void translate_transition(Transition& transition) {
        for (std::string& event : transition.events) {
            event = event_name(event);
        }
        for (GuardClause& clause : transition.guard) {
            rename(clause.check);
        }
        translate_block(transition.actions);
    }

    void translate_state(State& state) {
        lose_if(state.entry.size() > 1 || state.exit.size() > 1,
                "Several blocks of onentry or onexit become one: a failure ends them all.");
        lose_if(!state.invokes.empty(),
                "A workflow invokes others by their names; what is invoked here is left out.");
        state.invokes.clear();
        for (auto* blocks : {&state.entry, &state.exit}) {
            for (Block& block : *blocks) {
                translate_block(block);
            }
        }
        translate_block(state.initial.actions);
        if (state.type == StateType::history && !state.initial.actions.empty()) {
            lose_if(true, "The default of a history has no actions in a workflow.");
            state.initial.actions.clear();
        }
        if (state.output) {
            rename(*state.output);
        }
    }

    void translate_block(Block& block) {
        for (Action& action : block) {
            std::visit([this](auto& node) { translate_action(node); }, action.node);
            if (auto* send = std::get_if<SendAction>(&action.node)) {
                action.node = addressed(std::move(*send));
            }
        }
    }

    void translate_action(Assign& assign) {
        for (Assign::Item& item : assign.items) {
            item.path.front() = field_name(item.path.front());
            rename(item.value);
        }
    }
    void translate_action(Raise& raise) { rename(raise.data); }
    void translate_action(SendAction& send) {
        lose_if(!literal_text(send.event), "A workflow cannot compute the name of an event.");
        lose_if(!send.id_location.empty(), "A workflow does not keep the id of a send.");
        for (ValueTemplate* value : {&send.event, &send.data, &send.id, &send.to}) {
            rename(*value);
        }
        auto* delay = send.after ? std::get_if<Expression>(&*send.after) : nullptr;
        if (delay != nullptr) {
            rename(*delay);
        }
    }
    void translate_action(CancelAction& cancel) { rename(cancel.id); }
    void translate_action(LogAction& log) { rename(log.value); }
    void translate_action(IfAction& choice) {
        rename(choice.condition);
        translate_block(choice.then);
        translate_block(choice.otherwise);
    }
    void translate_action(ForEachAction& loop) {
        rename(loop.in);
        translate_block(loop.body);
        Assign copies;
        for (std::string* name : {&loop.as, &loop.index}) {
            if (!name->empty()) {
                const std::string variable = free_name(field_name(*name));
                copies.items.push_back(
                    {.path = {field_name(*name)}, .value = {.node = Expression{.text = variable}}});
                *name = variable;
            }
        }
        loop.body.insert(loop.body.begin(), Action{.node = std::move(copies)});
    }
    // What only workflows have, and what always fails, is as it was.
    static void translate_action(Extend&) {}
    static void translate_action(EmitAction&) {}
    static void translate_action(NotifyAction&) {}
    static void translate_action(FailAction&) {}

    /// A loop's own name beside the field that it is copied to.
    [[nodiscard]] std::string free_name(const std::string& field) const {
        std::string name = field + "_each";
        while (std::ranges::find(result_.definition.context, name, &Field::name) !=
               result_.definition.context.end()) {
            name += '_';
        }
        return name;
    }

    /// SCXML's targets in a workflow's words.
    decltype(Action::node) addressed(SendAction send) {
        const std::string to = literal_text(send.to).value_or("");
        if (to == "#_internal") {
            return Raise{.event = literal_text(send.event).value_or(""),
                         .data = std::move(send.data)};
        }
        lose_if(to.starts_with("#_scxml_") || std::holds_alternative<Expression>(send.to.node),
                "A workflow sends to itself, its parent or a child, not to a session.");
        if (to.starts_with("#_") && !to.starts_with("#_scxml_")) {
            send.to = literal(to.substr(2));
        }
        return send;
    }

    void set_data() {
        Definition& definition = result_.definition;
        Block block;
        for (State& state : definition.states) {
            for (DataElement& data : state.data) {
                if (!data.value) {
                    continue;
                }
                rename(*data.value);
                Field& field = definition.context[data.field];
                if (const auto* known = std::get_if<json::value>(&data.value->node)) {
                    field.schema.default_value = *known;
                } else {
                    block.push_back(
                        {.node = Assign{.items = {{.path = {field.name}, .value = *data.value}}}});
                }
            }
        }
        if (!block.empty()) {
            auto& entry = definition.states[root_state].entry;
            entry.insert(entry.begin(), std::move(block));
        }
    }

    Translation result_;
    CelNames names_;
};

}  // namespace

Translation translate(const Definition& definition) { return Translator(definition).translate(); }

}  // namespace sillage
