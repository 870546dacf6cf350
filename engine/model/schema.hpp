#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/incomplete.hpp"
#include "engine/model/expression.hpp"

namespace re2 {
class RE2;
}

namespace sillage {

enum class SchemaType { any, string, integer, number, boolean, array, object };
enum class SchemaFormat { none, date, date_time, email, uri };

struct Field;

/// The JSON Schema words that a context or form field may use. Absent words ask for nothing.
struct Schema {
    SchemaType type = SchemaType::any;
    SchemaFormat format = SchemaFormat::none;
    std::vector<boost::json::value> enumeration = {};
    std::optional<double> minimum = {};
    std::optional<double> maximum = {};
    std::optional<double> exclusive_minimum = {};
    std::optional<double> exclusive_maximum = {};
    /// Lengths count code points.
    std::optional<std::size_t> min_length = {};
    std::optional<std::size_t> max_length = {};
    std::string pattern = {};
    /// `pattern`, compiled when the file was read; null without one.
    std::shared_ptr<const re2::RE2> compiled_pattern = nullptr;
    /// Of an array's elements; null when any may stand.
    std::shared_ptr<const Schema> items = nullptr;
    /// Of an object; when any is declared, others are refused.
    std::vector<Field> properties SILLAGE_EMPTY;
    std::optional<boost::json::value> default_value = {};
    Text title = {};
    Text description = {};
    /// The roles that may read it; empty: whoever may read the instance.
    std::vector<std::string> visible_to = {};

    /// Patterns are equal when their texts are.
    bool operator==(const Schema& other) const;
};

/// A named value of a context, a form or an object.
struct Field {
    std::string name = {};
    Schema schema = {};
    /// In a form: the event's data must have it.
    bool required = false;
    Place place = {};

    bool operator==(const Field&) const = default;
};

/// The field of that name, or null.
[[nodiscard]] const Field* find_field(const std::vector<Field>& fields, std::string_view name);

}  // namespace sillage
