#include "engine/cel/detail/type_rules.hpp"

#include <algorithm>

namespace sillage {
namespace {

using enum TypeKind;

bool is_numeric(TypeKind kind) { return kind == int64 || kind == uint64 || kind == float64; }

bool is_ordered(TypeKind kind) {
    return is_numeric(kind) || kind == boolean || kind == text || kind == TypeKind::bytes ||
           kind == timestamp || kind == duration;
}

bool may_be(TypeKind kind, TypeKind wanted) {
    return kind == wanted || kind == dyn || wanted == dyn;
}

/// Two kinds that `==` can find equal.
bool comparable(TypeKind a, TypeKind b) {
    return may_be(a, b) || a == null || b == null || (is_numeric(a) && is_numeric(b));
}

bool orderable(TypeKind a, TypeKind b) {
    const bool a_fits = a == dyn || is_ordered(a);
    const bool b_fits = b == dyn || is_ordered(b);
    return a_fits && b_fits && (may_be(a, b) || (is_numeric(a) && is_numeric(b)));
}

ValueType plain(TypeKind kind) { return ValueType{.kind = kind}; }

std::optional<ValueType> in_type(const ValueType& item, const ValueType& range) {
    if (range.kind != list && range.kind != map && range.kind != dyn) {
        return std::nullopt;
    }
    if (range.kind == list && range.element && !comparable(item.kind, range.element->kind)) {
        return std::nullopt;
    }
    return plain(boolean);
}

std::optional<ValueType> index_type(const ValueType& operand, const ValueType& key) {
    if (operand.kind == dyn) {
        return plain(dyn);
    }
    const bool list_key = key.kind == dyn || is_numeric(key.kind);
    const bool map_key = list_key || key.kind == text || key.kind == boolean;
    if (!((operand.kind == list && list_key) || (operand.kind == map && map_key))) {
        return std::nullopt;
    }
    return operand.element ? *operand.element : plain(dyn);
}

/// The operators without overloads of their own.
std::optional<ValueType> rule_of(std::string_view name, const ValueType& a, const ValueType& b) {
    if (name == "in") {
        return in_type(a, b);
    }
    if (name == "[]") {
        return index_type(a, b);
    }
    const bool equality = name == "==" || name == "!=";
    const bool fits = equality ? comparable(a.kind, b.kind) : orderable(a.kind, b.kind);
    return fits ? std::optional(plain(boolean)) : std::nullopt;
}

bool fits(const Overload& overload, std::span<const ValueType> arguments) {
    return std::ranges::equal(
        arguments, overload.arguments,
        [](const ValueType& argument, TypeKind wanted) { return may_be(argument.kind, wanted); });
}

/// A list's or map's more exact type than the overload says.
ValueType refined(const FunctionInfo& function, std::span<const ValueType> arguments,
                  TypeKind kind) {
    if (function.name == "last") {
        return last_type();
    }
    if (function.name == "+" && kind == list) {
        return common_type(arguments[0], arguments[1]);
    }
    const bool picks = function.name == "sum" || function.variadic;
    if (picks && arguments[0].kind == list && arguments[0].element) {
        return *arguments[0].element;
    }
    return ValueType{.kind = kind, .nullable = function.name == "entered"};
}

}  // namespace

ValueType type_of(const Value& value) {
    struct Kind {
        TypeKind operator()(NullValue) const { return null; }
        TypeKind operator()(bool) const { return boolean; }
        TypeKind operator()(std::int64_t) const { return int64; }
        TypeKind operator()(std::uint64_t) const { return uint64; }
        TypeKind operator()(double) const { return float64; }
        TypeKind operator()(TextView) const { return text; }
        TypeKind operator()(const Bytes&) const { return TypeKind::bytes; }
        TypeKind operator()(const ValueList*) const { return list; }
        TypeKind operator()(const ValueEntries*) const { return map; }
        TypeKind operator()(Timestamp) const { return timestamp; }
        TypeKind operator()(TimeSpan) const { return duration; }
        TypeKind operator()(TypeName) const { return TypeKind::type; }
    };
    return plain(std::visit(Kind{}, value.data()));
}

const ValueType& last_type() {
    static const ValueType type{
        .kind = map,
        .nullable = true,
        .members = {{"at", plain(timestamp)}, {"by", plain(text)}, {"count", plain(int64)}},
        .closed = true};
    return type;
}

ValueType common_type(const ValueType& a, const ValueType& b) {
    if (a.kind == null || b.kind == null) {
        ValueType other = a.kind == null ? b : a;
        other.nullable = true;
        return other;
    }
    if (a.kind != b.kind) {
        return plain(dyn);
    }
    ValueType common = a;
    common.nullable = a.nullable || b.nullable;
    if (!a.element || !b.element || a.element->kind != b.element->kind) {
        common.element = nullptr;
    }
    if (!(a.closed && b.closed && a.members.size() == b.members.size() &&
          std::ranges::equal(a.members, b.members, {}, &std::pair<std::string, ValueType>::first,
                             &std::pair<std::string, ValueType>::first))) {
        common.members.clear();
        common.closed = false;
    }
    return common;
}

ValueType item_type(const ValueType& range) {
    return range.kind == list && range.element ? *range.element : plain(dyn);
}

std::optional<ValueType> result_type(const FunctionInfo& function,
                                     std::span<const ValueType> arguments) {
    if (function.overloads.empty()) {
        return rule_of(function.name, arguments[0], arguments[1]);
    }
    if (function.variadic && arguments.size() > 1) {
        const bool ordered = std::ranges::all_of(arguments, [&](const ValueType& argument) {
            return orderable(argument.kind, arguments[0].kind);
        });
        return ordered ? std::optional(std::ranges::all_of(arguments,
                                                           [&](const ValueType& argument) {
                                                               return argument.kind ==
                                                                      arguments[0].kind;
                                                           })
                                           ? plain(arguments[0].kind)
                                           : plain(dyn))
                       : std::nullopt;
    }
    std::optional<TypeKind> found;
    for (const Overload& overload : function.overloads) {
        if (fits(overload, arguments)) {
            found = found && *found != overload.result ? dyn : overload.result;
        }
    }
    return found ? std::optional(refined(function, arguments, *found)) : std::nullopt;
}

}  // namespace sillage
