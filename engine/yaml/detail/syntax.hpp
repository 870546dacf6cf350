#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/yaml/detail/node.hpp"
#include "engine/yaml/source.hpp"

namespace sillage {

/// Bytes of a source.
struct SourceRange {
    std::size_t offset = 0;
    std::size_t bytes = 0;
};

/// Says what yaml-cpp stumbled over at that byte, in our words, and how to write it. Gives the
/// value that quotes would mend, or nothing when it is the structure that is broken.
std::optional<SourceRange> report_syntax(const SourceText& source, std::size_t offset,
                                         std::string_view yaml_message, Findings& findings);

/// The text in the quotes that need the fewest escapes. Ex. `'a ? b : c'`, `"l'heure"`.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// What the author meant by a plain scalar that YAML cut short, from where it starts to the end of
/// the line, or inside `{}` and `[]` to the comma or bracket that closes no bracket of its own.
/// Empty when YAML took it whole.
[[nodiscard]] std::string meant_by(const SourceText& source, const Node& scalar);

/// The bytes from `offset` to the end of the value that starts there.
[[nodiscard]] std::string_view value_at(const SourceText& source, std::size_t offset, bool in_flow);

/// The byte after the quote that closes the one at `offset`; npos when none does.
[[nodiscard]] std::size_t end_of_quoted(std::string_view text, std::size_t offset);

/// Where the byte `index` of a scalar's text stands in the source: folding, escapes and
/// indentation undone.
[[nodiscard]] std::size_t offset_in_scalar(const SourceText& source, const Node& scalar,
                                           std::size_t index);

}  // namespace sillage
