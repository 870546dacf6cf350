#include <fmt/format.h>
#include <re2/re2.h>

#include "engine/schema/check.hpp"
#include "engine/schema/detail/formats.hpp"

namespace sillage {
namespace {

void note(std::vector<SchemaProblem>& problems, std::string pointer, std::string rule,
          std::string message) {
    problems.push_back(SchemaProblem{
        .pointer = std::move(pointer), .rule = std::move(rule), .message = std::move(message)});
}

bool is_one_of(SchemaType type, SchemaType a, SchemaType b) {
    return type == SchemaType::any || type == a || type == b;
}

/// Words that say nothing about values of the declared type.
void check_words(const Schema& schema, std::vector<SchemaProblem>& problems) {
    const auto misplaced = [&](bool is_present, std::string_view word, std::string_view type) {
        if (is_present) {
            note(problems, fmt::format("/{}", word), "misplaced",
                 fmt::format("\"{}\" is for {}; this field is declared as {}.", word, type,
                             name_of(schema.type)));
        }
    };
    if (!is_one_of(schema.type, SchemaType::integer, SchemaType::number)) {
        misplaced(schema.minimum.has_value(), "minimum", "numbers");
        misplaced(schema.maximum.has_value(), "maximum", "numbers");
        misplaced(schema.exclusive_minimum.has_value(), "exclusiveMinimum", "numbers");
        misplaced(schema.exclusive_maximum.has_value(), "exclusiveMaximum", "numbers");
    }
    if (!is_one_of(schema.type, SchemaType::string, SchemaType::string)) {
        misplaced(schema.min_length.has_value(), "minLength", "strings");
        misplaced(schema.max_length.has_value(), "maxLength", "strings");
        misplaced(!schema.pattern.empty(), "pattern", "strings");
        misplaced(schema.format != SchemaFormat::none, "format", "strings");
    }
    if (!is_one_of(schema.type, SchemaType::array, SchemaType::array)) {
        misplaced(schema.items != nullptr, "items", "arrays");
    }
    if (!is_one_of(schema.type, SchemaType::object, SchemaType::object)) {
        misplaced(!schema.properties.empty(), "properties", "objects");
    }
}

void check_bounds(const Schema& schema, std::vector<SchemaProblem>& problems) {
    if (schema.minimum && schema.maximum && *schema.minimum > *schema.maximum) {
        note(problems, "/maximum", "bounds",
             fmt::format("No number is at least {} and at most {}.", *schema.minimum,
                         *schema.maximum));
    }
    const auto above = schema.exclusive_minimum ? schema.exclusive_minimum : schema.minimum;
    const auto below = schema.exclusive_maximum ? schema.exclusive_maximum : schema.maximum;
    if ((schema.exclusive_minimum || schema.exclusive_maximum) && above && below &&
        *above >= *below) {
        note(problems, schema.exclusive_maximum ? "/exclusiveMaximum" : "/exclusiveMinimum",
             "bounds", fmt::format("No number lies between {} and {}.", *above, *below));
    }
    if (schema.min_length && schema.max_length && *schema.min_length > *schema.max_length) {
        note(problems, "/maxLength", "bounds",
             fmt::format("No text has at least {} and at most {} characters.", *schema.min_length,
                         *schema.max_length));
    }
}

/// The default and the values of `enum` must satisfy the other words.
void check_values(const Schema& schema, std::vector<SchemaProblem>& problems) {
    Schema others = schema;
    if (others.compiled_pattern == nullptr && !others.pattern.empty()) {
        const auto compiled = compile_pattern(others.pattern);
        if (!compiled) {
            note(problems, "/pattern", "pattern", compiled.error().message);
        } else {
            others.compiled_pattern = compiled.value();
        }
    }
    // A null default says no more than none: the field is null until it is set.
    if (schema.default_value && !schema.default_value->is_null()) {
        for (SchemaProblem& problem : check_value(*schema.default_value, others)) {
            note(problems, "/default" + problem.pointer, problem.rule,
                 "The default does not fit: " + problem.message);
        }
    }
    others.enumeration.clear();
    for (std::size_t index = 0; index < schema.enumeration.size(); ++index) {
        for (SchemaProblem& problem : check_value(schema.enumeration[index], others)) {
            note(problems, fmt::format("/enum/{}{}", index, problem.pointer), problem.rule,
                 "The value can never be given: " + problem.message);
        }
    }
}

}  // namespace

std::vector<SchemaProblem> check_schema(const Schema& schema) {
    std::vector<SchemaProblem> problems;
    check_words(schema, problems);
    check_bounds(schema, problems);
    check_values(schema, problems);
    const auto check_below = [&problems](const std::string& pointer, const Schema& below) {
        for (SchemaProblem& problem : check_schema(below)) {
            note(problems, pointer + problem.pointer, problem.rule, std::move(problem.message));
        }
    };
    if (schema.items) {
        check_below("/items", *schema.items);
    }
    for (const Field& field : schema.properties) {
        check_below("/properties/" + field.name, field.schema);
    }
    return problems;
}

}  // namespace sillage
