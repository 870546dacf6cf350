#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/schema.hpp"

namespace sillage {

enum class TypeKind {
    dyn,
    null,
    boolean,
    int64,
    uint64,
    float64,
    text,
    bytes,
    list,
    map,
    timestamp,
    duration,
    type
};

/// What the checker knows of an expression before it runs. `dyn`: nothing, decided when it runs.
struct ValueType {
    TypeKind kind = TypeKind::dyn;
    /// May also be null.
    bool nullable = false;
    /// Of a list's elements, of a map's values; null: dyn.
    std::shared_ptr<const ValueType> element = nullptr;
    /// Of an object whose members are declared, in order: selecting another is an error.
    std::vector<std::pair<std::string, ValueType>> members = {};
    /// Members are declared (perhaps none).
    bool closed = false;
};

/// The type that a declared field's values have, nullable when it has no default.
[[nodiscard]] ValueType type_of(const Schema& schema);

/// The closed object of a form or context: required fields are never null, the others unless they
/// have a default.
[[nodiscard]] ValueType type_of(const std::vector<Field>& fields);

/// `int`, `list(string)`, `timestamp or null`, …: for messages.
[[nodiscard]] std::string to_string(const ValueType& type);

}  // namespace sillage
