// The quick way of a value that is what its schema asks for, which most are. It says yes only to
// plain cases; whatever takes more than a comparison is left to check and normalise.

#include <algorithm>

#include "engine/schema/check.hpp"
#include "engine/schema/detail/formats.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

bool is_within(double number, const Schema& schema) {
    return number >= schema.minimum.value_or(number) && number <= schema.maximum.value_or(number) &&
           (!schema.exclusive_minimum || number > *schema.exclusive_minimum) &&
           (!schema.exclusive_maximum || number < *schema.exclusive_maximum);
}

bool is_plain_integer(const json::value& value, const Schema& schema) {
    // Beyond 2^53 a double is no longer exact.
    constexpr std::int64_t exact_max = std::int64_t{1} << 53;
    const std::int64_t* number = value.if_int64();
    return number != nullptr && *number <= exact_max && *number >= -exact_max &&
           is_within(static_cast<double>(*number), schema);
}

bool is_plain_text(const json::value& value, const Schema& schema) {
    const json::string* text = value.if_string();
    if (text == nullptr || schema.compiled_pattern || schema.format != SchemaFormat::none) {
        return false;
    }
    const bool asks_length = schema.min_length || schema.max_length;
    const std::size_t length = asks_length ? count_code_points(*text) : 0;
    return length >= schema.min_length.value_or(length) &&
           length <= schema.max_length.value_or(length);
}

}  // namespace

bool is_as_stored(const json::value& value, const Schema& schema) {
    if (!schema.enumeration.empty()) {
        return false;
    }
    switch (schema.type) {
        case SchemaType::integer:
            return is_plain_integer(value, schema);
        case SchemaType::number:
            return value.is_double() && is_within(value.get_double(), schema);
        case SchemaType::string:
            return is_plain_text(value, schema);
        case SchemaType::boolean:
            return value.is_bool();
        case SchemaType::any:
        case SchemaType::array:
        case SchemaType::object:
            return false;
    }
    return false;
}

bool is_as_stored(const json::object& object, const std::vector<Field>& fields) {
    auto member = object.begin();
    for (const Field& field : fields) {
        if (member != object.end() && std::string_view(member->key()) == field.name) {
            if (!is_as_stored(member->value(), field.schema)) {
                return false;
            }
            ++member;
        } else if (field.required || field.schema.default_value) {
            return false;
        }
    }
    return member == object.end();
}

}  // namespace sillage
