#include "engine/yaml/detail/invokes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/yaml/detail/expressions.hpp"
#include "engine/yaml/detail/transitions.hpp"

namespace sillage {
namespace {

/// The recipient that is no child.
constexpr std::string_view parent_word = "parent";

/// What an element and its position are called when `each` is an expression alone.
constexpr std::string_view default_element = "item";
constexpr std::string_view default_index = "index";

/// The mappings of an `invoke`: itself, or its items.
std::vector<const Node*> invoke_items(const Node& node) {
    if (node.kind != NodeKind::list) {
        return {&node};
    }
    std::vector<const Node*> items;
    for (const NodePtr& item : node.items) {
        items.push_back(item.get());
    }
    return items;
}

/// `[A-Za-z_][A-Za-z0-9_.-]*`, its tokens not empty: it becomes a part of event names.
bool is_invoke_id(std::string_view id) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    const bool begins_well = !id.empty() && is_field_name(id.substr(0, 1));
    return begins_well && id.find_first_not_of(letters) == std::string_view::npos &&
           id.find("..") == std::string_view::npos && !id.ends_with('.');
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

const InvokeName* find_invoke(const Reading& reading, std::string_view id) {
    const auto found = std::ranges::find(reading.invokes, id, &InvokeName::id);
    return found == reading.invokes.end() ? nullptr : &*found;
}

/// `tracks.2` is the third child of an `each` that is called `tracks`.
const InvokeName* find_invoke_of_element(const Reading& reading, std::string_view id) {
    const std::size_t dot = id.find_last_of('.');
    if (dot == std::string_view::npos || !is_number(id.substr(dot + 1))) {
        return nullptr;
    }
    const InvokeName* invoke = find_invoke(reading, id.substr(0, dot));
    return invoke != nullptr && invoke->each ? invoke : nullptr;
}

std::string read_invoke_id(Reading& reading, const Node& node) {
    const auto word = read_word(reading, node, "the id of a child");
    if (word && *word == parent_word) {
        reading.error(node, "reserved-name",
                      "\"parent\" is who started this instance; call a child otherwise");
    } else if (word && !is_invoke_id(*word)) {
        reading.error(node, "name",
                      fmt::format("{} is not the id of a child: letters, digits, _ and -, not "
                                  "beginning with a digit, and dots between them",
                                  quoted(*word)));
    }
    return word.value_or("");
}

void add_name(Reading& reading, const Node& place, InvokeName name) {
    if (const InvokeName* first = find_invoke(reading, name.id)) {
        reading.error(place, "duplicate-id",
                      fmt::format("a child of the state {} is called {} already",
                                  reading.definition.state(first->state).id, quoted(name.id)));
        return;
    }
    reading.invokes.push_back(std::move(name));
}

void read_name(Reading& reading, StateIndex state, const Node& item, bool is_alone) {
    if (item.kind != NodeKind::map) {
        return;
    }
    const Node* id = item.find("id");
    if (id == nullptr && !is_alone) {
        reading.error(item, "missing-key",
                      "a state with several children needs an id for each, id: name");
        return;
    }
    const Node& place = id == nullptr ? item : *id;
    std::string name =
        id == nullptr ? reading.definition.state(state).id : read_invoke_id(reading, *id);
    if (!name.empty()) {
        add_name(reading, place,
                 {.id = std::move(name),
                  .state = state,
                  .item = &item,
                  .each = item.find("each") != nullptr});
    }
}

void check_element_names(Reading& reading) {
    for (const InvokeName& invoke : reading.invokes) {
        if (const InvokeName* other = find_invoke_of_element(reading, invoke.id)) {
            reading.error(*invoke.item, "duplicate-id",
                          fmt::format("the children of {} are called {}.0, {}.1 and so on; call "
                                      "this one otherwise",
                                      quoted(other->id), other->id, other->id));
        }
    }
}

std::string read_variable_of_each(Reading& reading, const Node& node) {
    const auto name = read_word(reading, node, "a variable");
    if (name) {
        check_name(reading, node, "a variable");
    }
    return name.value_or("");
}

/// Reads `each` and declares its variables, which `input` may use; how many were declared.
std::size_t read_each(Reading& reading, const Node& node, Invoke& invoke) {
    Invoke::Each each{.as = std::string(default_element), .index = std::string(default_index)};
    const bool is_map = node.kind == NodeKind::map;
    const Node* in = is_map ? node.find("in") : &node;
    if (is_map) {
        check_keys(reading, node, {"in", "as", "index"}, "each");
        const Node* as = node.find("as");
        const Node* index = node.find("index");
        each.as = as == nullptr ? each.as : read_variable_of_each(reading, *as);
        each.index = index == nullptr ? each.index : read_variable_of_each(reading, *index);
    }
    ValueType element;
    if (in == nullptr) {
        reading.error(node, "missing-key", "each needs the key in");
    } else {
        TypedExpression list = read_braced_expression(reading, *in, Wanted::list);
        each.in = std::move(list.expression);
        element = list.type.element ? *list.type.element : ValueType{};
    }
    each.as_slot = reading.scope.declare(each.as, std::move(element));
    each.index_slot = reading.scope.declare(each.index, ValueType{.kind = TypeKind::int64});
    invoke.each = std::move(each);
    return 2;
}

ValueTemplate read_input(Reading& reading, const Node& node) {
    if (!expect(reading, node, NodeKind::map, "input is a mapping of the child's field to value")) {
        return {};
    }
    for (const Node::Entry& entry : node.entries) {
        check_name(reading, *entry.key, "a field");
    }
    return read_value(reading, node);
}

void read_workflow_name(Reading& reading, const Node& node, Invoke& invoke) {
    const Node* workflow = node.find("workflow");
    if (workflow == nullptr) {
        reading.error(node, "missing-key", "invoke needs the key workflow: whose child it starts");
    } else if (const auto word = read_word(reading, *workflow, "workflow")) {
        invoke.workflow = *word;
        if (!is_event_name(*word)) {
            reading.error(*workflow, "name",
                          fmt::format("{} is not the name of a workflow: letters, digits, _ and -, "
                                      "not beginning with a digit",
                                      quoted(*word)));
        }
    }
    if (const Node* version = node.find("version")) {
        invoke.version = read_integer(reading, *version, "version", 1);
    }
}

/// `onDone` and `onError` inside `invoke`: transitions of the state on this child's events.
void read_outcomes(Reading& reading, StateIndex state, const Node& node, const std::string& id) {
    if (const Node* done = node.find("onDone")) {
        read_engine_transitions(reading, state, *done,
                                {.key = "onDone", .events = {"done.invoke." + id}});
    }
    if (const Node* error = node.find("onError")) {
        read_engine_transitions(
            reading, state, *error,
            {.key = "onError", .events = {"error.communication." + id, "error.execution." + id}});
    }
}

void read_invoke(Reading& reading, StateIndex state, const Node& node) {
    if (!expect(reading, node, NodeKind::map, "invoke is a mapping, { workflow: name }")) {
        return;
    }
    check_keys(reading, node,
               {"workflow", "id", "input", "each", "version", "forward", "onDone", "onError"},
               "invoke");
    const auto named = std::ranges::find(reading.invokes, &node, &InvokeName::item);
    Invoke invoke{.id = named == reading.invokes.end() ? "" : named->id, .place = node.place};
    read_workflow_name(reading, node, invoke);
    const Node* each = node.find("each");
    const std::size_t variables = each == nullptr ? 0 : read_each(reading, *each, invoke);
    if (const Node* input = node.find("input")) {
        invoke.input = read_input(reading, *input);
    }
    for (std::size_t i = 0; i < variables; ++i) {
        reading.scope.forget_last();
    }
    if (const Node* forward = node.find("forward")) {
        invoke.forward = read_boolean(reading, *forward, "forward");
    }
    read_outcomes(reading, state, node, invoke.id);
    reading.definition.states[state].invokes.push_back(std::move(invoke));
}

}  // namespace

void read_invoke_names(Reading& reading) {
    for (StateIndex state = root_state + 1; state < reading.definition.states.size(); ++state) {
        const Node* node = reading.state_nodes[state];
        const StateType type = reading.definition.state(state).type;
        const Node* invoke = node == nullptr ? nullptr : node->find("invoke");
        if (invoke == nullptr || type == StateType::final || type == StateType::history) {
            continue;
        }
        const auto items = invoke_items(*invoke);
        for (const Node* item : items) {
            read_name(reading, state, *item, items.size() == 1);
        }
    }
    check_element_names(reading);
}

void read_invokes(Reading& reading, StateIndex state, const Node& node) {
    if (node.kind == NodeKind::list && node.items.empty()) {
        reading.error(node, "empty-list", "this list names no child; name one, or leave it out");
    }
    for (const Node* item : invoke_items(node)) {
        read_invoke(reading, state, *item);
    }
}

std::vector<const InvokeName*> invokes_of(const Reading& reading, StateIndex state) {
    std::vector<const InvokeName*> invokes;
    for (const InvokeName& invoke : reading.invokes) {
        if (invoke.state == state) {
            invokes.push_back(&invoke);
        }
    }
    return invokes;
}

void check_recipient(Reading& reading, const Node& node, const ValueTemplate& to) {
    const auto* literal = std::get_if<boost::json::value>(&to.node);
    if (literal == nullptr || literal->is_null() || reading.findings.is_full()) {
        return;
    }
    const std::string_view id = literal->is_string() ? std::string_view(literal->get_string()) : "";
    if (id == parent_word || find_invoke(reading, id) != nullptr ||
        find_invoke_of_element(reading, id) != nullptr) {
        return;
    }
    KeyList known = {parent_word};
    for (const InvokeName& invoke : reading.invokes) {
        known.emplace_back(invoke.id);
    }
    reading.warning(
        node, "unknown-recipient",
        fmt::format("nobody is called {} here{}", quoted(node.text), suggest(node.text, known)));
}

}  // namespace sillage
