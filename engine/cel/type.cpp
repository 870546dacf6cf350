#include "engine/cel/type.hpp"

#include <fmt/format.h>

namespace sillage {
namespace {

TypeKind kind_of(const Schema& schema) {
    switch (schema.type) {
        case SchemaType::any:
            return TypeKind::dyn;
        case SchemaType::string:
            return schema.format == SchemaFormat::date || schema.format == SchemaFormat::date_time
                       ? TypeKind::timestamp
                       : TypeKind::text;
        case SchemaType::integer:
            return TypeKind::int64;
        case SchemaType::number:
            return TypeKind::float64;
        case SchemaType::boolean:
            return TypeKind::boolean;
        case SchemaType::array:
            return TypeKind::list;
        case SchemaType::object:
            return TypeKind::map;
    }
    return TypeKind::dyn;
}

std::string element_text(const ValueType& type) {
    return type.element ? to_string(*type.element) : "dyn";
}

std::string kind_text(const ValueType& type) {
    switch (type.kind) {
        case TypeKind::dyn:
            return "dyn";
        case TypeKind::null:
            return "null";
        case TypeKind::boolean:
            return "bool";
        case TypeKind::int64:
            return "int";
        case TypeKind::uint64:
            return "uint";
        case TypeKind::float64:
            return "double";
        case TypeKind::text:
            return "string";
        case TypeKind::bytes:
            return "bytes";
        case TypeKind::list:
            return fmt::format("list({})", element_text(type));
        case TypeKind::map:
            return type.closed ? "object" : fmt::format("map({})", element_text(type));
        case TypeKind::timestamp:
            return "timestamp";
        case TypeKind::duration:
            return "duration";
        case TypeKind::type:
            return "type";
    }
    return "dyn";
}

}  // namespace

ValueType type_of(const Schema& schema) {
    ValueType type{.kind = kind_of(schema),
                   .nullable = !schema.default_value || schema.default_value->is_null()};
    if (schema.items) {
        ValueType element = type_of(*schema.items);
        element.nullable = false;
        type.element = std::make_shared<const ValueType>(std::move(element));
    }
    if (type.kind == TypeKind::map && !schema.properties.empty()) {
        type.members = type_of(schema.properties).members;
        type.closed = true;
    }
    return type;
}

ValueType type_of(const std::vector<Field>& fields) {
    ValueType type{.kind = TypeKind::map, .closed = true};
    for (const Field& field : fields) {
        ValueType member = type_of(field.schema);
        member.nullable = member.nullable && !field.required;
        type.members.emplace_back(field.name, std::move(member));
    }
    return type;
}

std::string to_string(const ValueType& type) {
    const bool says_null = type.nullable && type.kind != TypeKind::dyn;
    return kind_text(type) + (says_null ? " or null" : "");
}

}  // namespace sillage
