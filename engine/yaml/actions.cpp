#include "engine/yaml/detail/actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/schema/check.hpp"
#include "engine/yaml/detail/expressions.hpp"
#include "engine/yaml/detail/invokes.hpp"
#include "engine/yaml/detail/targets.hpp"

namespace sillage {
namespace {

/// Where an action stands.
struct Site {
    Reading& reading;
    StateIndex state = root_state;
};

/// The value of a key that must stand there, or null and the finding.
const Node* required(const Site& site, const Node& map, std::string_view key,
                     std::string_view what) {
    const Node* value = map.find(key);
    if (value == nullptr) {
        site.reading.error(map, "missing-key", fmt::format("{} needs the key {}", what, key));
    }
    return value;
}

ValueTemplate read_optional_value(const Site& site, const Node& map, std::string_view key) {
    const Node* value = map.find(key);
    return value == nullptr ? ValueTemplate{} : read_value(site.reading, *value);
}

/// The name of an event that a definition sends itself.
std::string read_sent_event(const Site& site, const Node& node, std::string_view what) {
    const auto name = read_word(site.reading, node, "an event");
    if (!name) {
        return {};
    }
    if (is_reserved_event(*name)) {
        site.reading.error(node, "reserved-event",
                           fmt::format("{} cannot name {}: events beginning with done., error., "
                                       "deadline., after. or $ are the engine's",
                                       what, quoted(*name)));
    } else if (!is_event_name(*name)) {
        site.reading.error(node, "name",
                           fmt::format("{} is not the name of an event: words joined by dots, as "
                                       "in review.done",
                                       quoted(*name)));
    }
    return *name;
}

/// The nearest field's name, unless no further finding is kept.
std::string suggest_field(const Site& site, std::string_view name,
                          const std::vector<Field>& fields) {
    if (site.reading.findings.is_full()) {
        return {};
    }
    KeyList known;
    for (const Field& field : fields) {
        known.emplace_back(field.name);
    }
    return suggest(name, known);
}

/// The schema that a path leads to, null when nothing is declared there; nothing and the finding
/// when the path leads nowhere.
std::optional<const Schema*> find_path(const Site& site, const Node& key,
                                       const std::vector<std::string>& path) {
    const std::vector<Field>* fields = &site.reading.definition.context;
    const Schema* schema = nullptr;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Field* field = find_field(*fields, path[i]);
        if (field == nullptr) {
            site.reading.error(key, "unknown-field",
                               fmt::format("no field {} is declared {}{}", quoted(path[i]),
                                           i == 0 ? "in context" : "in " + quoted(path[i - 1]),
                                           suggest_field(site, path[i], *fields)));
            return std::nullopt;
        }
        schema = &field->schema;
        const bool is_last = i + 1 == path.size();
        const bool is_open = schema->type == SchemaType::any ||
                             (schema->type == SchemaType::object && schema->properties.empty());
        if (!is_last && is_open) {
            return nullptr;
        }
        if (!is_last && schema->type != SchemaType::object) {
            site.reading.error(key, "unknown-field",
                               fmt::format("{} is no object: it has no field {}", quoted(path[i]),
                                           quoted(path[i + 1])));
            return std::nullopt;
        }
        fields = &schema->properties;
    }
    return schema;
}

std::optional<std::vector<std::string>> read_path(const Site& site, const Node& key) {
    std::vector<std::string> path;
    std::string_view rest = key.text;
    while (true) {
        const auto part = rest.substr(0, rest.find('.'));
        if (!is_field_name(part)) {
            site.reading.error(
                key, "name",
                fmt::format("{} is not a path: names of fields joined by dots", quoted(key.text)));
            return std::nullopt;
        }
        path.emplace_back(part);
        if (part.size() == rest.size()) {
            return path;
        }
        rest.remove_prefix(part.size() + 1);
    }
}

/// Whether a value of that type can be what `type` of a schema asks, once it is JSON.
bool may_fit(TypeKind kind, SchemaType wanted) {
    switch (wanted) {
        case SchemaType::any:
            return true;
        case SchemaType::string:
            return kind == TypeKind::text || kind == TypeKind::bytes ||
                   kind == TypeKind::timestamp || kind == TypeKind::duration;
        case SchemaType::integer:
        case SchemaType::number:
            return kind == TypeKind::int64 || kind == TypeKind::uint64 || kind == TypeKind::float64;
        case SchemaType::boolean:
            return kind == TypeKind::boolean;
        case SchemaType::array:
            return kind == TypeKind::list;
        case SchemaType::object:
            return kind == TypeKind::map;
    }
    return true;
}

std::string_view name_of(SchemaType type) {
    constexpr std::array<std::string_view, 7> names = {"any",     "string", "integer", "number",
                                                       "boolean", "array",  "object"};
    return names[static_cast<std::size_t>(type)];
}

/// A value that its field can never hold makes the block fail each time: worth a word, no error.
void check_fit(const Site& site, const Node& node, const TypedValue& value, const Schema* schema) {
    if (schema == nullptr) {
        return;
    }
    std::string why;
    const auto* literal = std::get_if<boost::json::value>(&value.value.node);
    const bool goes_back_to_null =
        literal != nullptr && literal->is_null() && !schema->default_value;
    if (goes_back_to_null) {
        return;
    }
    if (literal != nullptr) {
        const auto problems = check_value(*literal, *schema);
        why = problems.empty() ? "" : problems.front().message;
    } else if (value.type.kind != TypeKind::dyn && value.type.kind != TypeKind::null &&
               !may_fit(value.type.kind, schema->type)) {
        why = fmt::format("the field is of type {}; this gives {}", name_of(schema->type),
                          to_string(value.type));
    }
    if (!why.empty()) {
        const bool may_be_null = value.type.nullable && !schema->default_value;
        site.reading.warning(
            node, "assign-mismatch",
            fmt::format("this action {}: {}",
                        may_be_null ? "fails unless the value is null" : "always fails", why));
    }
}

Assign read_assign(const Site& site, const Node& node) {
    Assign assign;
    if (!expect(site.reading, node, NodeKind::map, "assign is a mapping of field to value")) {
        return assign;
    }
    for (const Node::Entry& entry : node.entries) {
        TypedValue value = read_typed_value(site.reading, *entry.value);
        auto path = read_path(site, *entry.key);
        const auto schema = path ? find_path(site, *entry.key, *path) : std::nullopt;
        if (schema) {
            check_fit(site, *entry.value, value, *schema);
            assign.items.push_back({.path = std::move(*path), .value = std::move(value.value)});
        }
    }
    return assign;
}

Raise read_raise(const Site& site, const Node& node) {
    if (node.kind != NodeKind::map) {
        return {.event = read_sent_event(site, node, "raise")};
    }
    check_keys(site.reading, node, {"event", "data"}, "raise");
    const Node* event = required(site, node, "event", "raise");
    return {.event = event == nullptr ? "" : read_sent_event(site, *event, "raise"),
            .data = read_optional_value(site, node, "data")};
}

SendAction read_send(const Site& site, const Node& node) {
    SendAction send;
    if (!expect(site.reading, node, NodeKind::map, "send is a mapping, { event: name }")) {
        return send;
    }
    check_keys(site.reading, node, {"event", "data", "after", "id", "to"}, "send");
    if (const Node* event = required(site, node, "event", "send")) {
        send.event.node = boost::json::value(read_sent_event(site, *event, "send"));
    }
    send.data = read_optional_value(site, node, "data");
    if (const Node* after = node.find("after")) {
        send.after = read_delay(site.reading, *after);
    }
    send.id = read_optional_value(site, node, "id");
    if (const Node* to = node.find("to")) {
        send.to = read_value(site.reading, *to);
        check_recipient(site.reading, *to, send.to);
    }
    return send;
}

/// The running deadline that `extend` moves: by id, else as a target is named.
StateIndex read_extended_state(const Site& site, const Node& node) {
    const auto by_id = site.reading.states_by_id.find(node.text);
    const auto state = by_id != site.reading.states_by_id.end()
                           ? std::optional(by_id->second)
                           : resolve_target(site.reading, site.state, node);
    const Node* yaml = state ? site.reading.state_nodes[*state] : nullptr;
    if (state && (yaml == nullptr || yaml->find("deadline") == nullptr)) {
        site.reading.error(node, "no-deadline",
                           fmt::format("the state {} has no deadline to extend",
                                       site.reading.definition.state(*state).id));
    }
    return state.value_or(root_state);
}

Extend read_extend(const Site& site, const Node& node) {
    Extend extend;
    if (!expect(site.reading, node, NodeKind::map,
                "extend is a mapping, { state: id, by: 3 days }")) {
        return extend;
    }
    check_keys(site.reading, node, {"state", "by", "to"}, "extend");
    if (const Node* state = required(site, node, "state", "extend")) {
        extend.state = read_extended_state(site, *state);
    }
    const Node* by = node.find("by");
    const Node* to = node.find("to");
    if ((by == nullptr) == (to == nullptr)) {
        site.reading.error(node, "missing-key", "extend needs one of the keys by and to");
    }
    if (by != nullptr) {
        extend.by = read_delay(site.reading, *by);
    }
    if (to != nullptr) {
        extend.to = read_braced_expression(site.reading, *to, Wanted::instant).expression;
    }
    return extend;
}

EmitAction read_emit(const Site& site, const Node& node) {
    EmitAction emit;
    if (!expect(site.reading, node, NodeKind::map, "emit is a mapping, { type: name, data: … }")) {
        return emit;
    }
    check_keys(site.reading, node, {"type", "data"}, "emit");
    if (const Node* type = required(site, node, "type", "emit")) {
        emit.type = read_word(site.reading, *type, "the type of an emitted event").value_or("");
    }
    emit.data = read_optional_value(site, node, "data");
    return emit;
}

NotifyAction read_notify(const Site& site, const Node& node) {
    NotifyAction notify;
    if (!expect(site.reading, node, NodeKind::map, "notify is a mapping, { role: …, text: … }")) {
        return notify;
    }
    check_keys(site.reading, node, {"role", "text"}, "notify");
    if (const Node* role = required(site, node, "role", "notify")) {
        notify.role = read_role(site.reading, *role).value_or("");
    }
    if (const Node* text = required(site, node, "text", "notify")) {
        notify.text = read_text(site.reading, *text, "the text of notify");
    }
    return notify;
}

IfAction read_if(const Site& site, const Node& action) {
    IfAction result;
    result.condition =
        read_expression(site.reading, *action.find("if"), Wanted::condition).expression;
    if (const Node* then = required(site, action, "then", "if")) {
        result.then = read_block(site.reading, site.state, *then, "then");
    }
    if (const Node* otherwise = action.find("else")) {
        result.otherwise = read_block(site.reading, site.state, *otherwise, "else");
    }
    return result;
}

std::string read_variable(const Site& site, const Node& node) {
    const auto name = read_word(site.reading, node, "a variable");
    if (name) {
        check_name(site.reading, node, "a variable");
    }
    return name.value_or("");
}

ForEachAction read_foreach(const Site& site, const Node& action) {
    ForEachAction loop;
    const Node& head = *action.find("foreach");
    if (!expect(site.reading, head, NodeKind::map,
                "foreach is a mapping, { in: list, as: name }")) {
        return loop;
    }
    check_keys(site.reading, head, {"in", "as", "index"}, "foreach");
    ValueType element;
    if (const Node* in = required(site, head, "in", "foreach")) {
        TypedExpression list = read_expression(site.reading, *in, Wanted::list);
        loop.in = std::move(list.expression);
        element = list.type.element ? *list.type.element : ValueType{};
    }
    const Node* as = required(site, head, "as", "foreach");
    loop.as = as == nullptr ? "" : read_variable(site, *as);
    loop.as_slot = site.reading.scope.declare(loop.as, std::move(element));
    const Node* index = head.find("index");
    if (index != nullptr) {
        loop.index = read_variable(site, *index);
        loop.index_slot =
            site.reading.scope.declare(loop.index, ValueType{.kind = TypeKind::int64});
    }
    if (const Node* body = required(site, action, "do", "foreach")) {
        loop.body = read_block(site.reading, site.state, *body, "do");
    }
    if (index != nullptr) {
        site.reading.scope.forget_last();
    }
    site.reading.scope.forget_last();
    return loop;
}

/// The keys that name an action, and those that stand beside two of them.
const KeyList& action_names() {
    static const KeyList names = {"assign", "raise",  "send", "extend", "cancel",
                                  "emit",   "notify", "log",  "if",     "foreach"};
    return names;
}

using ActionNode = decltype(Action::node);

ActionNode read_named(const Site& site, const Node& action, std::string_view name) {
    const Node& value = *action.find(name);
    if (name == "assign") {
        return read_assign(site, value);
    }
    if (name == "raise") {
        return read_raise(site, value);
    }
    if (name == "send") {
        return read_send(site, value);
    }
    if (name == "extend") {
        return read_extend(site, value);
    }
    if (name == "cancel") {
        return CancelAction{.id = read_value(site.reading, value)};
    }
    if (name == "emit") {
        return read_emit(site, value);
    }
    if (name == "notify") {
        return read_notify(site, value);
    }
    if (name == "log") {
        return LogAction{.value = read_value(site.reading, value)};
    }
    return name == "if" ? ActionNode(read_if(site, action))
                        : ActionNode(read_foreach(site, action));
}

/// Which action a mapping is; nothing and the finding when it is none, or several.
std::optional<std::string_view> name_of_action(const Site& site, const Node& action) {
    std::optional<std::string_view> name;
    for (const Node::Entry& entry : action.entries) {
        const auto found = std::ranges::find(action_names(), std::string_view(entry.key->text));
        if (found != action_names().end() && name) {
            site.reading.error(*entry.key, "several-actions",
                               fmt::format("{} and {} are two actions; write each as an item of "
                                           "its own",
                                           *name, *found));
        } else if (found != action_names().end()) {
            name = *found;
        }
    }
    KeyList known = action_names();
    if (name == "if") {
        known.insert(known.end(), {"then", "else"});
    } else if (name == "foreach") {
        known.emplace_back("do");
    }
    check_keys(site.reading, action, known,
               name ? fmt::format("the action {}", *name) : "an action");
    if (!name && action.entries.empty()) {
        site.reading.error(action, "empty-map", "an action names what to do" + suggest("", known));
    }
    return name;
}

}  // namespace

Block read_block(Reading& reading, StateIndex state, const Node& node, std::string_view what) {
    Block block;
    if (!expect(reading, node, NodeKind::list,
                fmt::format("{} is a list of actions, each on a line that begins with -", what))) {
        return block;
    }
    const Site site{.reading = reading, .state = state};
    for (const NodePtr& item : node.items) {
        if (!expect(reading, *item, NodeKind::map, "an action is a mapping, { log: … }")) {
            continue;
        }
        if (const auto name = name_of_action(site, *item)) {
            block.push_back({.node = read_named(site, *item, *name), .place = item->place});
        }
    }
    return block;
}

}  // namespace sillage
