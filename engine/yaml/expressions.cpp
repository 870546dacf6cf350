#include "engine/yaml/detail/expressions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/calendar/calendar.hpp"
#include "engine/cel/compile.hpp"
#include "engine/yaml/detail/pieces.hpp"
#include "engine/yaml/detail/syntax.hpp"

namespace sillage {
namespace {

/// An expression's text and where in a scalar it begins.
struct Source {
    const Node& scalar;
    std::string_view text;
    std::size_t offset = 0;
};

Place place_in(const Reading& reading, const Node& scalar, std::size_t offset) {
    return reading.source.place_of(offset_in_scalar(reading.source, scalar, offset));
}

std::string_view words_for(Wanted wanted) {
    switch (wanted) {
        case Wanted::anything:
            return "a value";
        case Wanted::condition:
            return "true or false";
        case Wanted::list:
            return "a list";
        case Wanted::instant:
            return "a timestamp";
        case Wanted::delay:
            return "a duration, or the text of one";
    }
    return {};
}

bool is_wanted(TypeKind kind, Wanted wanted) {
    switch (wanted) {
        case Wanted::anything:
            return true;
        case Wanted::condition:
            return kind == TypeKind::dyn || kind == TypeKind::boolean;
        case Wanted::list:
            return kind == TypeKind::dyn || kind == TypeKind::list;
        case Wanted::instant:
            return kind == TypeKind::dyn || kind == TypeKind::timestamp;
        case Wanted::delay:
            return kind == TypeKind::dyn || kind == TypeKind::duration || kind == TypeKind::text;
    }
    return false;
}

/// The finding that YAML took only a part of what the author wrote; false when it took all.
bool report_cut(Reading& reading, const Node& scalar) {
    const std::string meant = meant_by(reading.source, scalar);
    if (meant.empty()) {
        return false;
    }
    const std::string_view rest = std::string_view(meant).substr(scalar.text.size());
    const std::size_t next = std::min(rest.find_first_not_of(' '), rest.size() - 1);
    reading.error(scalar, "cut-short",
                  fmt::format("YAML ends this at \"{}\"; write it in quotes: {}",
                              rest[next] == '#' ? std::string_view(" #") : rest.substr(next, 1),
                              in_quotes(meant)));
    return true;
}

TypedExpression compile(Reading& reading, const Source& source, Wanted wanted) {
    const Place place = place_in(reading, source.scalar, source.offset);
    CompiledExpression compiled = compile_expression(source.text, reading.scope, place);
    if (!compiled.findings.empty() && report_cut(reading, source.scalar)) {
        return {};
    }
    for (const ExpressionFinding& finding : compiled.findings) {
        const std::size_t at = source.offset + std::min(finding.offset, source.text.size());
        reading.findings.error(place_in(reading, source.scalar, at), finding.code, finding.message);
    }
    for (AskedEvent& asked : compiled.asked_events) {
        reading.asked_events.push_back(
            {.name = std::move(asked.name),
             .place = place_in(reading, source.scalar, source.offset + asked.offset)});
    }
    if (compiled.findings.empty() && !is_wanted(compiled.type.kind, wanted)) {
        reading.findings.error(place, "type-mismatch",
                               fmt::format("this must give {}; it gives {}", words_for(wanted),
                                           to_string(compiled.type)));
    }
    return {.expression = std::move(compiled.expression), .type = std::move(compiled.type)};
}

/// The pieces with their expressions compiled; nothing after a finding about the braces.
TextPieces compile_pieces(Reading& reading, const Node& scalar, Pieces pieces) {
    if (!pieces.problem.empty()) {
        if (!report_cut(reading, scalar)) {
            reading.findings.error(place_in(reading, scalar, pieces.problem_offset), "braces",
                                   pieces.problem);
        }
        return {};
    }
    TextPieces result;
    for (Piece& piece : pieces.pieces) {
        if (piece.is_expression) {
            const Source source{.scalar = scalar, .text = piece.text, .offset = piece.offset};
            result.emplace_back(compile(reading, source, Wanted::anything).expression);
        } else {
            result.emplace_back(std::move(piece.text));
        }
    }
    return result;
}

/// BCP 47, as far as it can be told without the registry. Ex. `en`, `pt-BR`.
bool is_language(std::string_view tag) {
    const auto is_alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    for (bool first = true;; first = false) {
        const auto part = tag.substr(0, tag.find('-'));
        const bool letters = std::ranges::none_of(part, [](char c) { return c <= '9'; });
        if (part.empty() || part.size() > 8 || !std::ranges::all_of(part, is_alphanumeric) ||
            (first && (part.size() < 2 || !letters))) {
            return false;
        }
        if (part.size() == tag.size()) {
            return true;
        }
        tag.remove_prefix(part.size() + 1);
    }
}

TypedValue read_text_value(Reading& reading, const Node& node) {
    Pieces pieces = split_template(node.text);
    const auto is_expression = [](const Piece& piece) { return piece.is_expression; };
    if (pieces.problem.empty() && std::ranges::none_of(pieces.pieces, is_expression)) {
        std::string literal = pieces.pieces.empty() ? "" : std::move(pieces.pieces.front().text);
        return {.value = {.node = boost::json::value(literal)}};
    }
    if (pieces.problem.empty() && pieces.pieces.size() == 1) {
        const Piece& piece = pieces.pieces.front();
        const Source source{.scalar = node, .text = piece.text, .offset = piece.offset};
        TypedExpression one = compile(reading, source, Wanted::anything);
        return {.value = {.node = std::move(one.expression)}, .type = std::move(one.type)};
    }
    return {.value = {.node = compile_pieces(reading, node, std::move(pieces))},
            .type = {.kind = TypeKind::text}};
}

bool is_literal(const ValueTemplate& value) {
    return std::holds_alternative<boost::json::value>(value.node);
}

ValueTemplate read_list_value(Reading& reading, const Node& node) {
    ValueTemplate::List list;
    for (const NodePtr& item : node.items) {
        list.push_back(read_value(reading, *item));
    }
    if (!std::ranges::all_of(list, is_literal)) {
        return {.node = std::move(list)};
    }
    boost::json::array array;
    for (ValueTemplate& item : list) {
        array.push_back(std::get<boost::json::value>(std::move(item.node)));
    }
    return {.node = boost::json::value(std::move(array))};
}

ValueTemplate read_map_value(Reading& reading, const Node& node) {
    ValueTemplate::Members members;
    for (const Node::Entry& entry : node.entries) {
        members.emplace_back(entry.key->text, read_value(reading, *entry.value));
    }
    if (!std::ranges::all_of(members, is_literal, &ValueTemplate::Members::value_type::second)) {
        return {.node = std::move(members)};
    }
    boost::json::object object;
    for (auto& [name, value] : members) {
        object[name] = std::get<boost::json::value>(std::move(value.node));
    }
    return {.node = boost::json::value(std::move(object))};
}

}  // namespace

TypedExpression read_expression(Reading& reading, const Node& node, Wanted wanted) {
    const bool is_missing = node.kind == NodeKind::null && node.text.empty();
    if (!node.is_scalar() || is_missing) {
        reading.error(node, "wrong-type",
                      fmt::format("an expression is asked here, giving {}; this is {}",
                                  words_for(wanted), describe(node)));
        return {};
    }
    if (node.text.starts_with("${") && node.text.ends_with('}')) {
        reading.error(node, "needless-braces",
                      fmt::format("the whole text is an expression here; write it without ${{ }}: "
                                  "{}",
                                  node.text.substr(2, node.text.size() - 3)));
        return {};
    }
    return compile(reading, {.scalar = node, .text = node.text}, wanted);
}

TypedExpression read_braced_expression(Reading& reading, const Node& node, Wanted wanted) {
    if (node.kind == NodeKind::text && node.text.starts_with("${")) {
        const Pieces pieces = split_template(node.text);
        if (pieces.pieces.size() == 1 && pieces.pieces.front().is_expression) {
            const Piece& piece = pieces.pieces.front();
            return compile(reading, {.scalar = node, .text = piece.text, .offset = piece.offset},
                           wanted);
        }
    }
    return read_expression(reading, node, wanted);
}

Text read_text(Reading& reading, const Node& node, std::string_view what) {
    Text text;
    if (node.kind != NodeKind::map) {
        if (read_word(reading, node, what)) {
            text.variants.push_back(
                {.pieces = compile_pieces(reading, node, split_text(node.text))});
        }
        return text;
    }
    if (node.entries.empty()) {
        reading.error(node, "empty-map", fmt::format("{} names no language", what));
    }
    for (const Node::Entry& entry : node.entries) {
        if (!is_language(entry.key->text)) {
            reading.error(*entry.key, "language",
                          fmt::format("{} is no language tag; one is en, fr or pt-BR",
                                      quoted(entry.key->text)));
        }
        if (read_word(reading, *entry.value, what)) {
            text.variants.push_back(
                {.language = entry.key->text,
                 .pieces = compile_pieces(reading, *entry.value, split_text(entry.value->text))});
        }
    }
    return text;
}

TypedValue read_typed_value(Reading& reading, const Node& node) {
    const auto typed = [](ValueTemplate value, TypeKind kind) {
        const bool literal = is_literal(value);
        return TypedValue{.value = std::move(value),
                          .type = {.kind = literal ? TypeKind::dyn : kind}};
    };
    switch (node.kind) {
        case NodeKind::text:
            return read_text_value(reading, node);
        case NodeKind::list:
            return typed(read_list_value(reading, node), TypeKind::list);
        case NodeKind::map:
            return typed(read_map_value(reading, node), TypeKind::map);
        case NodeKind::null:
        case NodeKind::boolean:
        case NodeKind::number:
        case NodeKind::broken:
            return {.value = {.node = to_json(node)}};
    }
    return {};
}

ValueTemplate read_value(Reading& reading, const Node& node) {
    return read_typed_value(reading, node).value;
}

std::optional<Delay> read_delay(Reading& reading, const Node& node) {
    if (!node.is_scalar()) {
        reading.error(
            node, "wrong-type",
            fmt::format("a duration is asked here, such as 14 days; this is {}", describe(node)));
        return std::nullopt;
    }
    const Pieces pieces = split_template(node.text);
    if (pieces.pieces.size() == 1 && pieces.pieces.front().is_expression) {
        const Piece& piece = pieces.pieces.front();
        const Source source{.scalar = node, .text = piece.text, .offset = piece.offset};
        return compile(reading, source, Wanted::delay).expression;
    }
    auto duration = parse_duration(node.text);
    if (!duration) {
        reading.error(node, "duration", duration.error().message);
        return std::nullopt;
    }
    return duration.value();
}

}  // namespace sillage
