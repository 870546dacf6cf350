#include "engine/schema/check.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>

#include "engine/base/json.hpp"
#include "engine/base/nearest.hpp"
#include "engine/schema/detail/formats.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// A form shows a handful at once; a megabyte of wrong elements shall not become a gigabyte of
/// sentences.
constexpr std::size_t problems_max = 100;

/// A pattern's automaton may take 1 MiB, against RE2's 8: a form has many patterns.
constexpr std::int64_t pattern_bytes_max = 1 << 20;

/// Longer texts than that are no misspelt words, and comparing them would cost.
constexpr std::size_t near_bytes_max = 64;

/// Wide enough for every int64 and every double, so that comparisons are exact.
long double number_of(const json::value& value) {
    return value.is_int64()    ? static_cast<long double>(value.get_int64())
           : value.is_uint64() ? static_cast<long double>(value.get_uint64())
                               : static_cast<long double>(value.get_double());
}

bool is_integer(const json::value& value) {
    // 2^63: the first double that no int64 holds.
    constexpr double limit = 9'223'372'036'854'775'808.0;
    return value.is_int64() ||
           (value.is_double() && std::trunc(value.get_double()) == value.get_double() &&
            value.get_double() >= -limit && value.get_double() < limit);
}

bool has_type(const json::value& value, SchemaType type) {
    switch (type) {
        case SchemaType::any:
            return true;
        case SchemaType::string:
            return value.is_string();
        case SchemaType::integer:
            return is_integer(value);
        case SchemaType::number:
            return value.is_number();
        case SchemaType::boolean:
            return value.is_bool();
        case SchemaType::array:
            return value.is_array();
        case SchemaType::object:
            return value.is_object();
    }
    return false;
}

std::string_view phrase_of(SchemaType type) {
    switch (type) {
        case SchemaType::any:
            return "any value";
        case SchemaType::string:
            return "text";
        case SchemaType::integer:
            return "a whole number";
        case SchemaType::number:
            return "a number";
        case SchemaType::boolean:
            return "true or false";
        case SchemaType::array:
            return "a list";
        case SchemaType::object:
            return "an object";
    }
    return "";
}

/// Deep equality in which 5 and 5.0 are the same number, as JSON Schema has it.
bool equal(const json::value& a, const json::value& b) {
    if (a.is_number() && b.is_number()) {
        return number_of(a) == number_of(b);
    }
    if (a.is_array() && b.is_array()) {
        return std::ranges::equal(a.get_array(), b.get_array(), equal);
    }
    if (a.is_object() && b.is_object()) {
        const json::object& other = b.get_object();
        return a.get_object().size() == other.size() &&
               std::ranges::all_of(a.get_object(), [&other](const json::key_value_pair& member) {
                   const json::value* same = other.if_contains(member.key());
                   return same != nullptr && equal(member.value(), *same);
               });
    }
    return a == b;
}

/// Walks a value beside its schema and notes what does not fit.
class Checker {
  public:
    std::vector<SchemaProblem> take() { return std::move(problems_); }

    void check(const json::value& value, const Schema& schema, const std::string& pointer) {
        if (!has_type(value, schema.type)) {
            note(pointer, "type", fmt::format("{} is asked for.", capital(phrase_of(schema.type))));
            return;
        }
        check_enumeration(value, schema, pointer);
        if (value.is_number()) {
            check_number(number_of(value), schema, pointer);
        } else if (value.is_string()) {
            check_string(value.get_string(), schema, pointer);
        } else if (value.is_array() && schema.items) {
            std::size_t index = 0;
            for (const json::value& item : value.get_array()) {
                check(item, *schema.items, pointer + "/" + std::to_string(index++));
            }
        } else if (value.is_object() && !schema.properties.empty()) {
            check(value.get_object(), schema.properties, pointer);
        }
    }

    void check(const json::object& object, const std::vector<Field>& fields,
               const std::string& pointer) {
        for (const json::key_value_pair& member : object) {
            const std::string_view name = member.key();
            const std::string below = pointer + "/" + pointer_token(name);
            if (const Field* field = find_field(fields, name)) {
                check(member.value(), field->schema, below);
            } else {
                note(below, "unknown", unknown_field(name, fields));
            }
        }
        for (const Field& field : fields) {
            if (field.required && !object.contains(field.name)) {
                note(pointer + "/" + pointer_token(field.name), "required",
                     fmt::format("\"{}\" is missing.", field.name));
            }
        }
    }

  private:
    void note(const std::string& pointer, std::string_view rule, std::string message) {
        if (problems_.size() < problems_max) {
            problems_.push_back(SchemaProblem{
                .pointer = pointer, .rule = std::string(rule), .message = std::move(message)});
        }
    }

    static std::string capital(std::string_view phrase) {
        std::string text(phrase);
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
        return text;
    }

    static std::string unknown_field(std::string_view name, const std::vector<Field>& fields) {
        std::vector<std::string_view> known;
        for (const Field& field : fields) {
            known.push_back(field.name);
        }
        const std::string near = nearest(name, std::span<const std::string_view>(known));
        return fmt::format("\"{}\" is not a field here{}", name.substr(0, 64),
                           near.empty() ? "." : did_you_mean(near));
    }

    static std::string nearest_of(std::string_view text, const Schema& schema) {
        if (text.size() > near_bytes_max) {
            return {};
        }
        std::vector<std::string> texts;
        for (const json::value& one : schema.enumeration) {
            if (one.is_string()) {
                texts.emplace_back(one.get_string());
            }
        }
        return nearest(text, std::span<const std::string>(texts));
    }

    void check_enumeration(const json::value& value, const Schema& schema,
                           const std::string& pointer) {
        const auto is_value = [&value](const json::value& one) { return equal(one, value); };
        if (schema.enumeration.empty() || std::ranges::any_of(schema.enumeration, is_value)) {
            return;
        }
        std::vector<std::string> texts;
        for (const json::value& one : schema.enumeration) {
            texts.push_back(to_json_text(one));
        }
        const std::string near = value.is_string() ? nearest_of(value.get_string(), schema) : "";
        note(pointer, "enum",
             fmt::format("One of {} is asked for{}", fmt::join(texts, ", "),
                         near.empty() ? "." : did_you_mean(near)));
    }

    void check_number(long double number, const Schema& schema, const std::string& pointer) {
        if (schema.minimum && number < *schema.minimum) {
            note(pointer, "minimum", fmt::format("The least is {}.", *schema.minimum));
        }
        if (schema.maximum && number > *schema.maximum) {
            note(pointer, "maximum", fmt::format("The most is {}.", *schema.maximum));
        }
        if (schema.exclusive_minimum && number <= *schema.exclusive_minimum) {
            note(pointer, "exclusiveMinimum",
                 fmt::format("More than {} is asked for.", *schema.exclusive_minimum));
        }
        if (schema.exclusive_maximum && number >= *schema.exclusive_maximum) {
            note(pointer, "exclusiveMaximum",
                 fmt::format("Less than {} is asked for.", *schema.exclusive_maximum));
        }
    }

    void check_string(std::string_view text, const Schema& schema, const std::string& pointer) {
        const std::size_t length = count_code_points(text);
        if (schema.min_length && length < *schema.min_length) {
            note(pointer, "minLength",
                 fmt::format("At least {} characters are asked for.", *schema.min_length));
        }
        if (schema.max_length && length > *schema.max_length) {
            note(pointer, "maxLength",
                 fmt::format("At most {} characters may stand here.", *schema.max_length));
        }
        if (schema.compiled_pattern &&
            !re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()),
                                    *schema.compiled_pattern)) {
            note(pointer, "pattern",
                 fmt::format("The text must match the pattern {}.", schema.pattern));
        }
        if (!fits_format(text, schema.format)) {
            note(pointer, "format", format_message(schema.format));
        }
    }

    static std::string format_message(SchemaFormat format) {
        switch (format) {
            case SchemaFormat::none:
                return "";
            case SchemaFormat::date:
                return "A date such as 2027-03-15 is asked for.";
            case SchemaFormat::date_time:
                return "An instant such as 2027-03-15T16:00:00Z is asked for.";
            case SchemaFormat::email:
                return "An address such as ana@example.org is asked for.";
            case SchemaFormat::uri:
                return "An address such as https://example.org/ is asked for.";
        }
        return "";
    }

    std::vector<SchemaProblem> problems_;
};

}  // namespace

std::vector<SchemaProblem> check_value(const json::value& value, const Schema& schema) {
    Checker checker;
    checker.check(value, schema, "");
    return checker.take();
}

std::vector<SchemaProblem> check_fields(const json::object& object,
                                        const std::vector<Field>& fields) {
    Checker checker;
    checker.check(object, fields, "");
    return checker.take();
}

Result<std::shared_ptr<const re2::RE2>> compile_pattern(const std::string& pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_bytes_max);
    auto compiled = std::make_shared<const re2::RE2>(pattern, options);
    if (!compiled->ok()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("The pattern cannot be used: {}.", compiled->error())};
    }
    return compiled;
}

}  // namespace sillage
