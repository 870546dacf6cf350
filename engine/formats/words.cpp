#include "engine/formats/detail/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/calendar/calendar.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// `1 day`, `14 days`.
std::string counted(std::int64_t count, std::string_view unit) {
    return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

/// In the largest unit that holds it wholly.
std::string exact_words(std::int64_t ms) {
    struct Unit {
        std::int64_t ms;
        std::string_view name;
    };
    constexpr std::array<Unit, 4> units = {
        {{3'600'000, "h"}, {60'000, " min"}, {1'000, "s"}, {1, "ms"}}};
    const auto* const unit =
        std::ranges::find_if(units, [ms](const Unit& one) { return ms % one.ms == 0; });
    return fmt::format("{}{}", ms / unit->ms, unit->name);
}

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
    std::string result;
    for (std::size_t at = 0;;) {
        const std::size_t found = text.find(what, at);
        result += text.substr(at, found - at);
        if (found == std::string_view::npos) {
            return result;
        }
        result += by;
        at = found + what.size();
    }
}

/// A literal with its `${` kept from being an expression.
json::value literal_words(const json::value& literal) {
    if (const auto* text = literal.if_string()) {
        return json::value(replaced(*text, "${", "$${"));
    }
    if (const auto* array = literal.if_array()) {
        json::array words;
        std::ranges::transform(*array, std::back_inserter(words), literal_words);
        return words;
    }
    if (const auto* object = literal.if_object()) {
        json::object words;
        for (const json::key_value_pair& member : *object) {
            words.emplace(member.key(), literal_words(member.value()));
        }
        return words;
    }
    return literal;
}

struct ValueWords {
    json::value operator()(const json::value& literal) const { return literal_words(literal); }
    json::value operator()(const Expression& expression) const {
        return json::value("${" + expression.text + "}");
    }
    json::value operator()(const TextPieces& pieces) const {
        std::string words;
        for (const auto& piece : pieces) {
            const auto* literal = std::get_if<std::string>(&piece);
            words += literal != nullptr ? replaced(*literal, "${", "$${")
                                        : "${" + std::get<Expression>(piece).text + "}";
        }
        return json::value(words);
    }
    json::value operator()(const ValueTemplate::List& list) const {
        json::array words;
        std::ranges::transform(list, std::back_inserter(words), value_words);
        return words;
    }
    json::value operator()(const ValueTemplate::Members& members) const {
        json::object words;
        for (const auto& [name, value] : members) {
            words.emplace(name, value_words(value));
        }
        return words;
    }
};

/// A bound as an author writes it: 5, not 5.0.
json::value bound_words(double number) {
    constexpr double exact_integers_max = 9'007'199'254'740'992.0;  // 2^53
    const bool is_whole = std::abs(number) <= exact_integers_max &&
                          static_cast<double>(static_cast<std::int64_t>(number)) == number;
    return is_whole ? json::value(static_cast<std::int64_t>(number)) : json::value(number);
}

std::string_view word_of(SchemaType type) {
    switch (type) {
        case SchemaType::any:
            return {};
        case SchemaType::string:
            return "string";
        case SchemaType::integer:
            return "integer";
        case SchemaType::number:
            return "number";
        case SchemaType::boolean:
            return "boolean";
        case SchemaType::array:
            return "array";
        case SchemaType::object:
            return "object";
    }
    return {};
}

std::string_view word_of(SchemaFormat format) {
    switch (format) {
        case SchemaFormat::none:
            return {};
        case SchemaFormat::date:
            return "date";
        case SchemaFormat::date_time:
            return "date-time";
        case SchemaFormat::email:
            return "email";
        case SchemaFormat::uri:
            return "uri";
    }
    return {};
}

void put_word(json::object& words, std::string_view key, std::string_view word) {
    if (!word.empty()) {
        words.emplace(key, word);
    }
}

void put_text(json::object& words, std::string_view key, const Text& text) {
    if (!text.empty()) {
        words.emplace(key, text_words(text));
    }
}

void put_bounds(json::object& words, const Schema& schema) {
    const auto put_bound = [&words](std::string_view key, const std::optional<double>& bound) {
        if (bound) {
            words.emplace(key, bound_words(*bound));
        }
    };
    const auto put_length = [&words](std::string_view key,
                                     const std::optional<std::size_t>& length) {
        if (length) {
            words.emplace(key, static_cast<std::int64_t>(*length));
        }
    };
    put_bound("minimum", schema.minimum);
    put_bound("maximum", schema.maximum);
    put_bound("exclusiveMinimum", schema.exclusive_minimum);
    put_bound("exclusiveMaximum", schema.exclusive_maximum);
    put_length("minLength", schema.min_length);
    put_length("maxLength", schema.max_length);
}

json::object schema_words(const Schema& schema) {
    json::object words;
    put_word(words, "type", word_of(schema.type));
    put_word(words, "format", word_of(schema.format));
    if (!schema.enumeration.empty()) {
        words.emplace("enum", json::array(schema.enumeration.begin(), schema.enumeration.end()));
    }
    put_bounds(words, schema);
    put_word(words, "pattern", schema.pattern);
    if (schema.items) {
        words.emplace("items", schema_words(*schema.items));
    }
    if (!schema.properties.empty()) {
        words.emplace("properties", fields_words(schema.properties));
    }
    if (schema.default_value) {
        words.emplace("default", *schema.default_value);
    }
    put_text(words, "title", schema.title);
    put_text(words, "description", schema.description);
    if (!schema.visible_to.empty()) {
        words.emplace("visible_to", list_words(schema.visible_to));
    }
    return words;
}

}  // namespace

std::string duration_words(const CalendarDuration& duration) {
    const int part_count = (duration.months != 0) + (duration.days != 0) +
                           (duration.working_days != 0) + (duration.exact.milliseconds != 0);
    if (part_count != 1) {
        return to_iso(duration);
    }
    if (duration.months != 0) {
        return counted(duration.months, "month");
    }
    if (duration.days != 0) {
        return counted(duration.days, "day");
    }
    return duration.working_days != 0 ? counted(duration.working_days, "working day")
                                      : exact_words(duration.exact.milliseconds);
}

std::string delay_words(const Delay& delay) {
    const auto* known = std::get_if<CalendarDuration>(&delay);
    return known != nullptr ? duration_words(*known)
                            : "${" + std::get<Expression>(delay).text + "}";
}

std::string piece_words(const TextPieces& pieces) {
    std::string words;
    for (const auto& piece : pieces) {
        const auto* literal = std::get_if<std::string>(&piece);
        words += literal != nullptr ? replaced(replaced(*literal, "{", "{{"), "}", "}}")
                                    : "{" + std::get<Expression>(piece).text + "}";
    }
    return words;
}

json::value text_words(const Text& text) {
    if (text.variants.size() == 1 && text.variants.front().language.empty()) {
        return json::value(piece_words(text.variants.front().pieces));
    }
    json::object words;
    for (const Text::Variant& variant : text.variants) {
        words.emplace(variant.language, piece_words(variant.pieces));
    }
    return words;
}

json::value value_words(const ValueTemplate& value) { return std::visit(ValueWords{}, value.node); }

bool is_absent(const ValueTemplate& value) {
    const auto* literal = std::get_if<json::value>(&value.node);
    return literal != nullptr && literal->is_null();
}

json::array list_words(const std::vector<std::string>& items) {
    return json::array(items.begin(), items.end());
}

json::array guard_words(const std::vector<GuardClause>& guard) {
    json::array words;
    for (const GuardClause& clause : guard) {
        json::object item{{"check", clause.check.text}};
        put_text(item, "otherwise", clause.otherwise);
        words.emplace_back(std::move(item));
    }
    return words;
}

json::object field_words(const Field& field) {
    json::object words = schema_words(field.schema);
    if (field.required) {
        words.emplace("required", true);
    }
    return words;
}

json::object fields_words(const std::vector<Field>& fields) {
    json::object words;
    for (const Field& field : fields) {
        words.emplace(field.name, field_words(field));
    }
    return words;
}

json::object deadline_words(const Deadline& deadline) {
    json::object words;
    if (deadline.within) {
        words.emplace("within", delay_words(*deadline.within));
    }
    if (deadline.at) {
        words.emplace("at", deadline.at->text);
    }
    if (!deadline.remind.empty()) {
        json::array remind;
        for (const Delay& delay : deadline.remind) {
            remind.emplace_back(delay_words(delay));
        }
        words.emplace("remind", std::move(remind));
    }
    put_word(words, "escalate", deadline.escalate);
    if (deadline.keep) {
        words.emplace("keep", true);
    }
    return words;
}

std::string timer_words(const DelayedEvent& delayed) {
    const auto* known = std::get_if<CalendarDuration>(&delayed.delay);
    const std::string_view event = delayed.event;
    if (known == nullptr || event.ends_with("." + to_iso(*known))) {
        return delay_words(delayed.delay);
    }
    // An ISO duration may hold a dot of its own, a state's name begins no token with P and a digit.
    const std::size_t start = event.rfind(".P");
    return start == std::string_view::npos ? delay_words(delayed.delay)
                                           : std::string(event.substr(start + 1));
}

namespace {

json::object words_of(const Invoke& invoke) {
    json::object words{{"workflow", invoke.workflow}, {"id", invoke.id}};
    if (invoke.version) {
        words.emplace("version", *invoke.version);
    }
    if (invoke.each) {
        json::object each{{"in", invoke.each->in.text}, {"as", invoke.each->as}};
        put_word(each, "index", invoke.each->index);
        words.emplace("each", std::move(each));
    }
    if (!is_absent(invoke.input)) {
        words.emplace("input", value_words(invoke.input));
    }
    if (invoke.forward) {
        words.emplace("forward", true);
    }
    return words;
}

}  // namespace

json::value invoke_words(const std::vector<Invoke>& invokes) {
    json::array words;
    std::ranges::transform(invokes, std::back_inserter(words), words_of);
    return words.size() == 1 ? words.front() : json::value(std::move(words));
}

json::object calendar_words(const WorkCalendar& calendar) {
    constexpr std::array<std::string_view, 7> weekdays = {"mon", "tue", "wed", "thu",
                                                          "fri", "sat", "sun"};
    json::array weekend;
    for (std::size_t day = 0; day < weekdays.size(); ++day) {
        if (calendar.weekend[day]) {
            weekend.emplace_back(weekdays[day]);
        }
    }
    json::array holidays;
    for (const CivilDate& date : calendar.holidays) {
        holidays.emplace_back(to_string(date));
    }
    return {{"weekend", std::move(weekend)}, {"holidays", std::move(holidays)}};
}

json::object roles_words(const std::vector<Role>& roles) {
    json::object words;
    for (const Role& role : roles) {
        json::object item;
        put_text(item, "title", role.title);
        put_word(item, "rights", role.rights);
        words.emplace(role.name, std::move(item));
    }
    return words;
}

json::object title_for_words(const State& state) {
    json::object words;
    for (const auto& [role, text] : state.title_for) {
        words.emplace(role, text_words(text));
    }
    return words;
}

}  // namespace sillage
