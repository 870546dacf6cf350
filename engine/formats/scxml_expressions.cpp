#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/nearest.hpp"
#include "engine/cel/compile.hpp"
#include "engine/formats/detail/scxml_reading.hpp"

namespace sillage {
namespace {

/// Source: SCXML 5.10: nothing can be assigned to them.
bool is_system_variable(std::string_view name) { return name.starts_with('_'); }

/// `a.b` as its names; nothing when it is written otherwise.
std::optional<std::vector<std::string>> split_path(std::string_view text) {
    std::vector<std::string> path;
    while (true) {
        const auto part = text.substr(0, text.find('.'));
        const bool has_blank = part.find_first_of(" \t\r\n") != std::string_view::npos;
        if (part.empty() || has_blank) {
            return std::nullopt;
        }
        path.emplace_back(part);
        if (part.size() == text.size()) {
            return path;
        }
        text.remove_prefix(part.size() + 1);
    }
}

std::string suggest_field(const ScxmlReading& reading, std::string_view name) {
    std::vector<std::string_view> names;
    for (const Field& field : reading.definition.context) {
        names.emplace_back(field.name);
    }
    return did_you_mean(nearest(name, std::span<const std::string_view>(names)));
}

}  // namespace

Expression read_expression(ScxmlReading& reading, const XmlAttribute& attribute, const Word& part) {
    const auto place = reading.place_of(offset_in(reading, attribute, part.offset));
    CompiledExpression compiled = compile_expression(part.text, reading.scope, place);
    for (const ExpressionFinding& finding : compiled.findings) {
        const std::size_t at = part.offset + std::min(finding.offset, part.text.size());
        reading.warning(offset_in(reading, attribute, at), finding.code, finding.message);
    }
    return std::move(compiled.expression);
}

Expression read_expression(ScxmlReading& reading, const XmlAttribute& attribute) {
    return read_expression(reading, attribute, {.text = attribute.value});
}

Expression made_expression(ScxmlReading& reading, const std::string& text, Place place) {
    return compile_expression(text, reading.scope, place).expression;
}

ValueTemplate read_either(ScxmlReading& reading, const XmlElement& element,
                          const Alternatives& names) {
    if (const XmlAttribute* literal = element.attribute(names.literal)) {
        return {.node = boost::json::value(literal->value)};
    }
    if (const XmlAttribute* expression = element.attribute(names.expression)) {
        return {.node = read_expression(reading, *expression)};
    }
    return {};
}

std::optional<std::vector<std::string>> read_location(ScxmlReading& reading,
                                                      const XmlAttribute& attribute) {
    const std::string text = space_normalised(attribute.value);
    auto path = split_path(text);
    if (!path) {
        reading.warning(attribute.value_offset, "location",
                        fmt::format("{} is no location: names joined by dots", in_message(text)));
        return std::nullopt;
    }
    if (is_system_variable(path->front())) {
        reading.warning(attribute.value_offset, "system-variable",
                        fmt::format("nothing can be assigned to {}", in_message(path->front())));
        return std::nullopt;
    }
    if (!find_position(reading.definition, path->front())) {
        reading.warning(attribute.value_offset, "unknown-field",
                        fmt::format("no data {} is declared{}", in_message(path->front()),
                                    suggest_field(reading, path->front())));
        return std::nullopt;
    }
    return path;
}

std::optional<std::size_t> find_position(const Definition& definition, std::string_view field) {
    const auto found = std::ranges::find(definition.context, field, &Field::name);
    return found == definition.context.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - definition.context.begin()));
}

}  // namespace sillage
