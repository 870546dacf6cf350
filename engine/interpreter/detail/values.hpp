#pragma once

#include <optional>
#include <string>

#include "engine/interpreter/detail/moment.hpp"

namespace sillage {

/// The JSON of an action's value, its expressions evaluated.
/// Errors: expression_failed, limit_exceeded: as evaluate.
[[nodiscard]] Result<boost::json::value> fill(const Moment& moment, const ValueTemplate& value);

/// Text for people in one language: numbers and instants as its readers write them.
/// Errors: expression_failed, limit_exceeded: as evaluate.
[[nodiscard]] Result<std::string> fill_text(const Moment& moment, const Text::Variant& text);

/// The variant for the best of the input's languages; `text` must not be empty. An expression that
/// fails stands as `{text}`, one that is_withheld as `…`.
[[nodiscard]] std::string text_for_reader(const Moment& moment, const Text& text);

/// The value at a path as Expression::reads names it; nothing when there is none.
/// Ex. `score`, `event.data.score`, `last('approve')`.
[[nodiscard]] std::optional<boost::json::value> read_path(const Moment& moment,
                                                          std::string_view path);

/// The values an expression read, by path, without those that the actor may not read.
[[nodiscard]] boost::json::object values_read(const Moment& moment, const Expression& expression);

/// Whether the expression reads what the actor may not: its value would tell of it.
[[nodiscard]] bool is_withheld(const Moment& moment, const Expression& expression);

/// A field is visible to whoever holds one of its roles, or to all; the engine sees everything.
[[nodiscard]] bool is_visible(const Schema& schema, const Actor& reader);

}  // namespace sillage
