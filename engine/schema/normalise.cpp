#include "engine/schema/check.hpp"

namespace sillage {
namespace json = boost::json;

json::value normalise(const json::value& value, const Schema& schema) {
    if (schema.type == SchemaType::integer && value.is_double()) {
        return static_cast<std::int64_t>(value.get_double());
    }
    if (schema.type == SchemaType::number && value.is_int64()) {
        return static_cast<double>(value.get_int64());
    }
    if (value.is_array() && schema.items) {
        json::array items;
        for (const json::value& item : value.get_array()) {
            items.push_back(normalise(item, *schema.items));
        }
        return items;
    }
    if (value.is_object() && !schema.properties.empty()) {
        return normalise_fields(value.get_object(), schema.properties);
    }
    return value;
}

json::object normalise_fields(const json::object& object, const std::vector<Field>& fields) {
    json::object normal;
    for (const Field& field : fields) {
        if (const json::value* value = object.if_contains(field.name)) {
            normal.emplace(field.name, normalise(*value, field.schema));
        } else if (field.schema.default_value) {
            normal.emplace(field.name, normalise(*field.schema.default_value, field.schema));
        }
    }
    return normal;
}

}  // namespace sillage
