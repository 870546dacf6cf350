#include "engine/interpreter/detail/values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/calendar/format.hpp"
#include "engine/model/context.hpp"

namespace sillage {
namespace {

/// What stands for an absent value in a sentence.
constexpr std::string_view nothing = "–";
/// What stands for a value that is not for the reader.
constexpr std::string_view withheld = "…";

/// A value inside a longer text of an action: as CEL's `string()` writes it.
Result<std::string> interpolated(const Value& value) {
    if (const auto* text = value.text()) {
        return std::string(*text);
    }
    if (const auto* number = value.get_if<double>()) {
        return fmt::format("{}", *number);
    }
    SILLAGE_TRY(const auto json, to_json(value));
    return json.is_string() ? std::string(json.get_string()) : to_json_text(json);
}

/// A value inside a sentence for people.
Result<std::string> worded(const Moment& moment, const Value& value, std::string_view language) {
    if (value.is_null()) {
        return std::string(nothing);
    }
    if (const auto* integer = value.get_if<std::int64_t>()) {
        return format_number(*integer, language);
    }
    if (const auto* number = value.get_if<double>()) {
        return format_number(*number, language);
    }
    if (value.get_if<Timestamp>() != nullptr) {
        SILLAGE_TRY(const auto at, instant_of(value));
        return format_instant(moment.definition.calendar, at, language);
    }
    if (const auto* list = value.list()) {
        std::string text;
        for (const Value& item : *list) {
            SILLAGE_TRY(const auto word, worded(moment, item, language));
            text += (text.empty() ? "" : ", ") + word;
        }
        return text;
    }
    return interpolated(value);
}

/// Whether an expression is no more than the path of a field, of the context or of the event's
/// form, that holds a date: its value is an instant at midnight, of which a reader wants the day.
bool is_day(const Moment& moment, const Expression& expression) {
    constexpr std::string_view event_data = "event.data.";
    if (expression.reads.size() != 1 || expression.reads.front() != expression.text) {
        return false;
    }
    std::string_view path = expression.text;
    const std::vector<Field>* fields = &moment.definition.context;
    if (path.starts_with(event_data)) {
        fields = moment.form;
        path.remove_prefix(event_data.size());
    }
    const Field* field =
        fields == nullptr ? nullptr : find_field(*fields, path.substr(0, path.find('.')));
    while (field != nullptr && path.find('.') != std::string_view::npos) {
        path.remove_prefix(path.find('.') + 1);
        field = find_field(field->schema.properties, path.substr(0, path.find('.')));
    }
    return field != nullptr && field->schema.format == SchemaFormat::date;
}

/// What an expression of a sentence gives, for a reader of that language.
Result<std::string> worded_piece(const Moment& moment, const Expression& expression,
                                 std::string_view language) {
    SILLAGE_TRY(const auto value, evaluate_at(moment, expression));
    if (value.get_if<Timestamp>() != nullptr && is_day(moment, expression)) {
        SILLAGE_TRY(const auto at, instant_of(value));
        return format_day(moment.definition.calendar, at, language);
    }
    return worded(moment, value, language);
}

Result<std::string> interpolate(const Moment& moment, const TextPieces& pieces) {
    std::string text;
    for (const auto& piece : pieces) {
        if (const auto* literal = std::get_if<std::string>(&piece)) {
            text += *literal;
            continue;
        }
        SILLAGE_TRY(const auto value, evaluate_at(moment, std::get<Expression>(piece)));
        SILLAGE_TRY(const auto word, interpolated(value));
        text += word;
    }
    return text;
}

Result<boost::json::value> fill_list(const Moment& moment, const ValueTemplate::List& list) {
    boost::json::array items;
    for (const ValueTemplate& item : list) {
        SILLAGE_TRY(auto value, fill(moment, item));
        items.push_back(std::move(value));
    }
    return boost::json::value(std::move(items));
}

Result<boost::json::value> fill_members(const Moment& moment,
                                        const ValueTemplate::Members& members) {
    boost::json::object object;
    for (const auto& [name, member] : members) {
        SILLAGE_TRY(auto value, fill(moment, member));
        object[name] = std::move(value);
    }
    return boost::json::value(std::move(object));
}

std::string_view language_of(const Text::Variant& variant) {
    return variant.language.empty() ? std::string_view("en") : std::string_view(variant.language);
}

boost::json::value last_json(const Moment& moment, std::string_view event) {
    const auto found = moment.snapshot.last.find(event);
    if (found == moment.snapshot.last.end()) {
        return nullptr;
    }
    const LastTaken& last = found->second;
    return boost::json::object{
        {"at", to_string(last.at)}, {"by", taker_id(moment, last)}, {"count", last.count}};
}

boost::json::value entered_json(const Moment& moment, std::string_view id) {
    const auto state = moment.definition.find_state(id);
    const auto found = state ? moment.snapshot.entered.find(*state) : moment.snapshot.entered.end();
    if (found == moment.snapshot.entered.end()) {
        return nullptr;
    }
    return boost::json::value(to_string(found->second));
}

/// `last('approve')` and its like.
std::optional<boost::json::value> read_call(const Moment& moment, std::string_view name,
                                            std::string_view argument) {
    if (name == "last") {
        return last_json(moment, argument);
    }
    if (name == "entered") {
        return entered_json(moment, argument);
    }
    if (name == "In") {
        const auto state = moment.definition.find_state(argument);
        return state.has_value() && is_active(moment.snapshot, *state);
    }
    return std::nullopt;
}

boost::json::value event_json(const Moment& moment) {
    return boost::json::object{{"name", moment.event},
                               {"data", moment.event_data},
                               {"at", to_string(moment.input.now)},
                               {"by", acting_id(moment)}};
}

boost::json::value actor_json(const Moment& moment) {
    boost::json::array roles(moment.input.actor.roles.begin(), moment.input.actor.roles.end());
    return boost::json::object{{"id", acting_id(moment)}, {"roles", std::move(roles)}};
}

std::optional<boost::json::value> read_name(const Moment& moment, std::string_view name) {
    if (const auto* field = context_value(moment.definition, moment.snapshot, name)) {
        return *field;
    }
    if (name == "event") {
        return event_json(moment);
    }
    if (name == "actor") {
        return actor_json(moment);
    }
    if (name == "company") {
        return *moment.input.company;
    }
    if (name == "cohort") {
        return *moment.input.cohort;
    }
    if (name == "now") {
        return boost::json::value(to_string(moment.input.now));
    }
    return std::nullopt;
}

/// Goes down `.a.b`; nothing when a member is missing.
std::optional<boost::json::value> descend(boost::json::value value, std::string_view members) {
    while (!members.empty()) {
        members.remove_prefix(1);
        const std::string_view name = members.substr(0, members.find('.'));
        members.remove_prefix(name.size());
        const auto* object = value.if_object();
        const auto* member = object == nullptr ? nullptr : object->if_contains(name);
        if (member == nullptr) {
            return std::nullopt;
        }
        value = boost::json::value(*member);
    }
    return value;
}

/// Whether a path leads to a context field, or a member of one, that the actor may not read.
bool is_hidden(const Moment& moment, std::string_view path) {
    const std::vector<Field>* fields = &moment.definition.context;
    while (!path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        const Field* field = find_field(*fields, name);
        if (field == nullptr) {
            return false;
        }
        if (!is_visible(field->schema, moment.input.actor)) {
            return true;
        }
        fields = &field->schema.properties;
        path.remove_prefix(std::min(path.size(), name.size() + 1));
    }
    return false;
}

/// Whether `by` of `last('…')` is somebody whom the reader may not know.
bool is_stranger(const Moment& moment, std::string_view by) {
    const Actor& reader = moment.input.actor;
    return moment.input.audience == Audience::outside && by != reader.id.view() &&
           by != system_actor().id.view();
}

/// Whether a path leads to the last time of an event that a stranger took.
bool names_stranger(const Moment& moment, std::string_view path) {
    const auto last = path.starts_with("last('") ? read_path(moment, path) : std::nullopt;
    const auto* object = last ? last->if_object() : nullptr;
    const auto* by = object == nullptr ? nullptr : object->if_contains("by");
    return by != nullptr && by->is_string() && is_stranger(moment, by->get_string());
}

/// What the reader may know of a value at a path.
boost::json::value told(const Moment& moment, std::string_view path, boost::json::value value) {
    if (names_stranger(moment, path)) {
        value.get_object()["by"] = nullptr;
    }
    return value;
}

}  // namespace

Result<boost::json::value> fill(const Moment& moment, const ValueTemplate& value) {
    if (const auto* literal = std::get_if<boost::json::value>(&value.node)) {
        return *literal;
    }
    if (const auto* expression = std::get_if<Expression>(&value.node)) {
        const Result<Value> result = evaluate_at(moment, *expression);
        return result ? to_json(result.value()) : result.error();
    }
    if (const auto* pieces = std::get_if<TextPieces>(&value.node)) {
        SILLAGE_TRY(const auto text, interpolate(moment, *pieces));
        return boost::json::value(text);
    }
    if (const auto* list = std::get_if<ValueTemplate::List>(&value.node)) {
        return fill_list(moment, *list);
    }
    return fill_members(moment, std::get<ValueTemplate::Members>(value.node));
}

Result<std::string> fill_text(const Moment& moment, const Text::Variant& text) {
    std::string result;
    for (const auto& piece : text.pieces) {
        if (const auto* literal = std::get_if<std::string>(&piece)) {
            result += *literal;
            continue;
        }
        SILLAGE_TRY(const auto word,
                    worded_piece(moment, std::get<Expression>(piece), language_of(text)));
        result += word;
    }
    return result;
}

std::string text_for_reader(const Moment& moment, const Text& text) {
    std::vector<std::string_view> available;
    for (const Text::Variant& variant : text.variants) {
        available.emplace_back(variant.language);
    }
    const Text::Variant& variant =
        text.variants[choose_language(available, moment.input.languages)];
    std::string result;
    for (const auto& piece : variant.pieces) {
        if (const auto* literal = std::get_if<std::string>(&piece)) {
            result += *literal;
            continue;
        }
        const auto& expression = std::get<Expression>(piece);
        if (is_withheld(moment, expression)) {
            result += withheld;
            continue;
        }
        const auto word = worded_piece(moment, expression, language_of(variant));
        result += word ? word.value() : "{" + expression.text + "}";
    }
    return result;
}

std::optional<boost::json::value> read_path(const Moment& moment, std::string_view path) {
    const std::size_t open = path.find("('");
    const std::size_t close = path.find("')");
    if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
        auto value =
            read_call(moment, path.substr(0, open), path.substr(open + 2, close - open - 2));
        return value ? descend(std::move(*value), path.substr(close + 2)) : std::nullopt;
    }
    const std::string_view name = path.substr(0, path.find('.'));
    auto value = read_name(moment, name);
    return value ? descend(std::move(*value), path.substr(name.size())) : std::nullopt;
}

boost::json::object values_read(const Moment& moment, const Expression& expression) {
    boost::json::object values;
    for (const std::string& path : expression.reads) {
        if (is_hidden(moment, path)) {
            continue;
        }
        if (auto value = read_path(moment, path)) {
            values[path] = told(moment, path, std::move(*value));
        }
    }
    return values;
}

bool is_withheld(const Moment& moment, const Expression& expression) {
    return std::ranges::any_of(expression.reads, [&](const std::string& path) {
        const bool asks_who = expression.text.find("by") != std::string::npos;
        return is_hidden(moment, path) || (asks_who && names_stranger(moment, path));
    });
}

bool is_visible(const Schema& schema, const Actor& reader) {
    const auto holds_role = [&](const std::string& role) {
        return std::ranges::find(reader.roles, role) != reader.roles.end();
    };
    return schema.visible_to.empty() || holds_role("system") ||
           std::ranges::any_of(schema.visible_to, holds_role);
}

}  // namespace sillage
