#include "engine/formats/detail/cel_words.hpp"

#include "engine/base/json.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// Every JSON text is a CEL expression of the same value.
struct CelWords {
    using Words = std::optional<std::string>;

    Words operator()(const json::value& literal) const { return to_json_text(literal); }
    Words operator()(const Expression& expression) const { return expression.text; }
    Words operator()(const TextPieces&) const { return std::nullopt; }
    Words operator()(const ValueTemplate::List& list) const {
        std::string words = "[";
        for (const ValueTemplate& item : list) {
            const Words item_words = cel_words(item);
            if (!item_words) {
                return std::nullopt;
            }
            words += (words.size() == 1 ? "" : ", ") + *item_words;
        }
        return words + "]";
    }
    Words operator()(const ValueTemplate::Members& members) const {
        std::string words = "{";
        for (const auto& [name, value] : members) {
            const Words value_words = cel_words(value);
            if (!value_words) {
                return std::nullopt;
            }
            words += words.size() == 1 ? "" : ", ";
            words += to_json_text(json::value(name)) + ": " + *value_words;
        }
        return words + "}";
    }
};

}  // namespace

std::optional<std::string> cel_words(const ValueTemplate& value) {
    return std::visit(CelWords{}, value.node);
}

std::string cel_words(const json::value& literal) { return to_json_text(literal); }

}  // namespace sillage
