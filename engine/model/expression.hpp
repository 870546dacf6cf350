#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/model/finding.hpp"

namespace sillage {

/// A compiled expression; what it is, only `engine/cel` knows.
class Program;

/// A CEL expression of a definition, compiled when the file was read. Equal when the texts are.
struct Expression {
    std::string text = {};
    Place place = {};
    /// Never null in a Definition that was read without errors. Shared: definitions are copied.
    std::shared_ptr<const Program> program = nullptr;
    /// The paths it reads, each once, in order of appearance.
    /// Ex. `score`, `event.data.score`, `company.headcount`; `last('approve')` is
    /// `last('approve')`.
    std::vector<std::string> reads = {};

    bool operator==(const Expression& other) const { return text == other.text; }
};

/// Literal text and expressions in turn, as in `The score is {score}.`
using TextPieces = std::vector<std::variant<std::string, Expression>>;

/// Text for people, in one or several languages.
struct Text {
    struct Variant {
        /// BCP 47 tag as written; empty for text that was given without a language.
        std::string language = {};
        TextPieces pieces = {};

        bool operator==(const Variant&) const = default;
    };
    /// In file order; empty: no text.
    std::vector<Variant> variants = {};

    [[nodiscard]] bool empty() const { return variants.empty(); }
    bool operator==(const Text&) const = default;
};

/// A value of an action: a literal, an expression that keeps its type (`"${a + 1}"`), text with
/// expressions inside, or a list or mapping of these.
struct ValueTemplate {
    using List = std::vector<ValueTemplate>;
    using Members = std::vector<std::pair<std::string, ValueTemplate>>;

    /// A list or mapping without any expression below it is a literal.
    std::variant<boost::json::value, Expression, TextPieces, List, Members> node =
        boost::json::value(nullptr);

    bool operator==(const ValueTemplate&) const = default;
};

}  // namespace sillage
