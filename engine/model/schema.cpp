#include "engine/model/schema.hpp"

#include <algorithm>
#include <tuple>

namespace sillage {
namespace {

auto words_of(const Schema& schema) {
    return std::tie(schema.type, schema.format, schema.enumeration, schema.minimum, schema.maximum,
                    schema.exclusive_minimum, schema.exclusive_maximum, schema.min_length,
                    schema.max_length, schema.pattern, schema.properties, schema.default_value,
                    schema.title, schema.description, schema.visible_to);
}

}  // namespace

bool Schema::operator==(const Schema& other) const {
    const bool same_items = items && other.items ? *items == *other.items : items == other.items;
    return same_items && words_of(*this) == words_of(other);
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? nullptr : &*found;
}

}  // namespace sillage
