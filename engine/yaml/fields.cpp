#include "engine/yaml/detail/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "engine/schema/check.hpp"
#include "engine/yaml/detail/expressions.hpp"

namespace sillage {
namespace {

template <class T>
struct Word {
    std::string_view word;
    T value;
};
constexpr std::array<Word<SchemaType>, 6> types = {{{"string", SchemaType::string},
                                                    {"integer", SchemaType::integer},
                                                    {"number", SchemaType::number},
                                                    {"boolean", SchemaType::boolean},
                                                    {"array", SchemaType::array},
                                                    {"object", SchemaType::object}}};
constexpr std::array<Word<SchemaFormat>, 4> formats = {{{"date", SchemaFormat::date},
                                                        {"date-time", SchemaFormat::date_time},
                                                        {"email", SchemaFormat::email},
                                                        {"uri", SchemaFormat::uri}}};

/// The meaning of a word of a closed set, or nothing and the finding.
template <class Words>
auto read_one_of(Reading& reading, const Node& node, std::string_view what, const Words& words)
    -> std::optional<decltype(words.front().value)> {
    const auto text = read_word(reading, node, what);
    if (!text) {
        return std::nullopt;
    }
    const auto found = std::ranges::find_if(words, [&](auto& pair) { return pair.word == *text; });
    if (found != words.end()) {
        return found->value;
    }
    KeyList known;
    for (const auto& pair : words) {
        known.push_back(pair.word);
    }
    reading.error(node, "unknown-word",
                  fmt::format("{} is no {}{}", quoted(*text), what, suggest(*text, known)));
    return std::nullopt;
}

std::optional<double> read_number(Reading& reading, const Node& node, std::string_view word) {
    if (!expect(reading, node, NodeKind::number, fmt::format("{} is a number", word))) {
        return std::nullopt;
    }
    return to_json(node).to_number<double>();
}

std::optional<std::size_t> read_length(Reading& reading, const Node& node, std::string_view word) {
    const auto length = read_integer(reading, node, word, 0);
    return length ? std::optional(static_cast<std::size_t>(*length)) : std::nullopt;
}

Schema read_schema(Reading& reading, const Node& node, FieldPlace place, std::string_view what);

void read_pattern(Reading& reading, const Node& node, Schema& schema) {
    auto pattern = read_word(reading, node, "pattern");
    if (!pattern) {
        return;
    }
    auto compiled = compile_pattern(*pattern);
    if (!compiled) {
        reading.error(node, "pattern", compiled.error().message);
        return;
    }
    schema.pattern = std::move(*pattern);
    schema.compiled_pattern = std::move(compiled).value();
}

void read_bound(Reading& reading, const Node::Entry& entry, Schema& schema) {
    const std::string& word = entry.key->text;
    const Node& value = *entry.value;
    if (word == "minimum") {
        schema.minimum = read_number(reading, value, word);
    } else if (word == "maximum") {
        schema.maximum = read_number(reading, value, word);
    } else if (word == "exclusiveMinimum") {
        schema.exclusive_minimum = read_number(reading, value, word);
    } else if (word == "exclusiveMaximum") {
        schema.exclusive_maximum = read_number(reading, value, word);
    } else if (word == "minLength") {
        schema.min_length = read_length(reading, value, word);
    } else if (word == "maxLength") {
        schema.max_length = read_length(reading, value, word);
    }
}

void read_enumeration(Reading& reading, const Node& node, Schema& schema) {
    if (!expect(reading, node, NodeKind::list, "enum is a list of values")) {
        return;
    }
    for (const NodePtr& item : node.items) {
        schema.enumeration.push_back(to_json(*item));
    }
    if (node.items.empty()) {
        reading.error(node, "empty-list", "this enum lists no value, so none would do");
    }
}

void read_schema_word(Reading& reading, const Node::Entry& entry, FieldPlace place,
                      Schema& schema) {
    const std::string& word = entry.key->text;
    const Node& value = *entry.value;
    if (word == "type") {
        schema.type = read_one_of(reading, value, "type", types).value_or(SchemaType::any);
    } else if (word == "format") {
        schema.format = read_one_of(reading, value, "format", formats).value_or(SchemaFormat::none);
    } else if (word == "pattern") {
        read_pattern(reading, value, schema);
    } else if (word == "enum") {
        read_enumeration(reading, value, schema);
    } else if (word == "default") {
        schema.default_value = to_json(value);
    } else if (word == "items") {
        schema.items = std::make_shared<const Schema>(read_schema(reading, value, place, "items"));
    } else if (word == "properties") {
        schema.properties = read_fields(reading, value, place);
    } else if (word == "visible_to") {
        schema.visible_to = read_roles(reading, value, false);
    } else {
        read_bound(reading, entry, schema);
    }
}

/// Points at the word that does not agree with the others, or else at the field.
void check_words(Reading& reading, const Node& node, const Schema& schema) {
    for (const SchemaProblem& problem : check_schema(schema)) {
        const auto pointer = std::string_view(problem.pointer);
        const auto name = pointer.substr(std::min(pointer.size(), std::size_t{1}));
        const Node* word = node.find(name.substr(0, name.find('/')));
        reading.error(word == nullptr ? node : *word, "schema", problem.message);
    }
}

Schema read_schema(Reading& reading, const Node& node, FieldPlace place, std::string_view what) {
    static const KeyList known = {"type",
                                  "enum",
                                  "minimum",
                                  "maximum",
                                  "exclusiveMinimum",
                                  "exclusiveMaximum",
                                  "minLength",
                                  "maxLength",
                                  "pattern",
                                  "format",
                                  "items",
                                  "properties",
                                  "default",
                                  "title",
                                  "description",
                                  "visible_to"};
    static const KeyList known_in_form = [] {
        KeyList keys = known;
        keys.emplace_back("required");
        return keys;
    }();
    Schema schema;
    const auto shape =
        fmt::format("{} is described by JSON Schema words, {{ type: string }}", what);
    if (!expect(reading, node, NodeKind::map, shape)) {
        return schema;
    }
    check_keys(reading, node, place == FieldPlace::form ? known_in_form : known, what);
    const auto error_count = reading.findings.error_count();
    for (const Node::Entry& entry : node.entries) {
        read_schema_word(reading, entry, place, schema);
    }
    if (reading.findings.error_count() == error_count) {
        check_words(reading, node, schema);
    }
    return schema;
}

/// `title` and `description` of one schema and of those below it.
void read_schema_texts(Reading& reading, const Node& node, Schema& schema) {
    if (node.kind != NodeKind::map) {
        return;
    }
    if (const Node* title = node.find("title")) {
        schema.title = read_text(reading, *title, "title");
    }
    if (const Node* description = node.find("description")) {
        schema.description = read_text(reading, *description, "description");
    }
    if (const Node* properties = node.find("properties")) {
        read_field_texts(reading, *properties, schema.properties);
    }
    if (const Node* items = node.find("items"); items != nullptr && schema.items) {
        Schema with_texts = *schema.items;
        read_schema_texts(reading, *items, with_texts);
        schema.items = std::make_shared<const Schema>(std::move(with_texts));
    }
}

}  // namespace

std::vector<Field> read_fields(Reading& reading, const Node& node, FieldPlace place) {
    std::vector<Field> fields;
    if (!expect(reading, node, NodeKind::map, "fields are a mapping of names")) {
        return fields;
    }
    for (const Node::Entry& entry : node.entries) {
        check_name(reading, *entry.key, "a field");
        const Node& value = *entry.value;
        Field field{.name = entry.key->text,
                    .schema = read_schema(reading, value, place, "a field"),
                    .place = entry.key->place};
        const Node* required = value.kind == NodeKind::map && place == FieldPlace::form
                                   ? value.find("required")
                                   : nullptr;
        field.required = required != nullptr && read_boolean(reading, *required, "required");
        fields.push_back(std::move(field));
    }
    return fields;
}

void read_field_texts(Reading& reading, const Node& node, std::vector<Field>& fields) {
    if (node.kind != NodeKind::map) {
        return;
    }
    // One field was read for each entry, in this order.
    for (std::size_t i = 0; i < std::min(fields.size(), node.entries.size()); ++i) {
        read_schema_texts(reading, *node.entries[i].value, fields[i].schema);
    }
}

}  // namespace sillage
