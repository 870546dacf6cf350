#pragma once

#include <string>
#include <vector>

#include "engine/cel/compile.hpp"

namespace sillage::test {

/// `score` int (default 0), `ratio` double, `name` string, `due` timestamp, `tags` list of
/// strings, `address` object `{city, zip}`, `anything` dyn; states `review` and `review.open`.
[[nodiscard]] inline Scope workflow_scope() {
    const auto field = [](std::string name, Schema schema) {
        return Field{.name = std::move(name), .schema = std::move(schema)};
    };
    const Schema text{.type = SchemaType::string};
    return Scope(
        {field("score", {.type = SchemaType::integer, .default_value = boost::json::value(0)}),
         field("ratio", {.type = SchemaType::number}), field("name", text),
         field("due", {.type = SchemaType::string, .format = SchemaFormat::date_time}),
         field("tags", {.type = SchemaType::array, .items = std::make_shared<const Schema>(text)}),
         field("address", {.type = SchemaType::object,
                           .properties = {field("city", text), field("zip", text)}}),
         field("anything", {})},
        {"review", "review.open"});
}

/// The findings, one a line: `offset code: message`.
[[nodiscard]] inline std::string findings_of(std::string_view text,
                                             const Scope& scope = workflow_scope()) {
    std::string lines;
    for (const ExpressionFinding& finding : compile_expression(text, scope).findings) {
        lines += (lines.empty() ? "" : "\n") + std::to_string(finding.offset) + " " + finding.code +
                 ": " + finding.message;
    }
    return lines;
}

}  // namespace sillage::test
