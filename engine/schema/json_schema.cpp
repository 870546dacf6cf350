#include <algorithm>

#include "engine/base/language.hpp"
#include "engine/schema/check.hpp"
#include "engine/schema/detail/formats.hpp"

namespace sillage {
namespace json = boost::json;

namespace {

std::string plain_text(const Text& text, const std::vector<std::string>& languages) {
    std::vector<std::string_view> available;
    for (const Text::Variant& variant : text.variants) {
        available.push_back(variant.language);
    }
    std::string plain;
    for (const auto& piece : text.variants[choose_language(available, languages)].pieces) {
        if (const auto* literal = std::get_if<std::string>(&piece)) {
            plain += *literal;
        } else {
            plain += "{" + std::get<Expression>(piece).text + "}";
        }
    }
    return plain;
}

/// A bound as the author wrote it: 5, not 5.0.
json::value bound(double number) {
    constexpr double exact_integers = 9'007'199'254'740'992.0;  // 2^53
    const auto whole =
        static_cast<std::int64_t>(std::clamp(number, -exact_integers, exact_integers));
    return static_cast<double>(whole) == number ? json::value(whole) : json::value(number);
}

json::object object_schema(const std::vector<Field>& fields,
                           const std::vector<std::string>& languages);

void add_words(json::object& out, const Schema& schema, const std::vector<std::string>& languages) {
    const auto put_bound = [&out](std::string_view word, const std::optional<double>& number) {
        if (number) {
            out.emplace(word, bound(*number));
        }
    };
    const auto put_length = [&out](std::string_view word, const std::optional<std::size_t>& count) {
        if (count) {
            out.emplace(word, static_cast<std::int64_t>(*count));
        }
    };
    if (!schema.title.empty()) {
        out.emplace("title", plain_text(schema.title, languages));
    }
    if (!schema.description.empty()) {
        out.emplace("description", plain_text(schema.description, languages));
    }
    if (!schema.enumeration.empty()) {
        out.emplace("enum", json::array(schema.enumeration.begin(), schema.enumeration.end()));
    }
    put_bound("minimum", schema.minimum);
    put_bound("maximum", schema.maximum);
    put_bound("exclusiveMinimum", schema.exclusive_minimum);
    put_bound("exclusiveMaximum", schema.exclusive_maximum);
    put_length("minLength", schema.min_length);
    put_length("maxLength", schema.max_length);
    if (!schema.pattern.empty()) {
        out.emplace("pattern", schema.pattern);
    }
    if (schema.format != SchemaFormat::none) {
        out.emplace("format", name_of(schema.format));
    }
    if (schema.default_value) {
        out.emplace("default", *schema.default_value);
    }
}

json::object value_schema(const Schema& schema, const std::vector<std::string>& languages) {
    json::object out;
    if (schema.type != SchemaType::any) {
        out.emplace("type", name_of(schema.type));
    }
    add_words(out, schema, languages);
    if (schema.items) {
        out.emplace("items", value_schema(*schema.items, languages));
    }
    if (!schema.properties.empty()) {
        for (json::key_value_pair& word : object_schema(schema.properties, languages)) {
            out.insert_or_assign(word.key(), std::move(word.value()));
        }
    }
    return out;
}

json::object object_schema(const std::vector<Field>& fields,
                           const std::vector<std::string>& languages) {
    json::object properties;
    json::array required;
    for (const Field& field : fields) {
        properties.emplace(field.name, value_schema(field.schema, languages));
        if (field.required) {
            required.emplace_back(field.name);
        }
    }
    json::object out;
    out.emplace("type", "object");
    out.emplace("properties", std::move(properties));
    if (!required.empty()) {
        out.emplace("required", std::move(required));
    }
    out.emplace("additionalProperties", false);
    return out;
}

}  // namespace

json::object to_json_schema(const std::vector<Field>& fields,
                            const std::vector<std::string>& languages) {
    json::object out;
    out.emplace("$schema", "https://json-schema.org/draft/2020-12/schema");
    for (json::key_value_pair& word : object_schema(fields, languages)) {
        out.emplace(word.key(), std::move(word.value()));
    }
    return out;
}

}  // namespace sillage
