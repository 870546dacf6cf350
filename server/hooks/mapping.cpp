#include "server/hooks/mapping.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/cel/compile.hpp"
#include "engine/cel/evaluate.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> members{"event", "instance", "key", "data"};

CompiledExpression compiled(std::string_view text) {
    Scope scope;
    scope.declare("payload", ValueType{});
    return compile_expression(text, scope);
}

Error refused(std::string message, std::string_view member) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = std::move(message),
                 .where = "/mapping" + (member.empty() ? "" : "/" + std::string(member))};
}

Result<Value> payload_of(const void* host, std::size_t) { return *static_cast<const Value*>(host); }

Result<Value> no_function(const void*, HostFunction, std::span<const Value>) {
    return Error{.code = ErrorCode::expression_failed,
                 .message = "A mapping knows no calendar and no instance."};
}

/// Null where the mapping has no such member.
Result<json::value> member_of(const json::object& mapping, std::string_view name,
                              const Value& payload) {
    const json::value* text = mapping.if_contains(name);
    if (text == nullptr) {
        return json::value(nullptr);
    }
    const CompiledExpression expression = compiled(text->as_string());
    if (!expression.findings.empty()) {
        return refused(expression.findings.front().message, name);
    }
    const Environment environment{.host = &payload, .variable = payload_of, .call = no_function};
    auto value = evaluate(expression.expression, environment);
    if (!value) {
        value.error().message = std::string(name) + ": " + value.error().message;
        return value.error();
    }
    return to_json(value.value());
}

Result<std::string> text_of(const json::object& mapping, std::string_view name,
                            const Value& payload) {
    if (!mapping.contains(name)) {
        return std::string();
    }
    SILLAGE_TRY(const auto value, member_of(mapping, name, payload));
    if (!value.is_string() || value.get_string().empty()) {
        return refused(std::string(name) + " gives no text.", name);
    }
    return std::string(value.get_string());
}

}  // namespace

Result<void> check_mapping(const json::object& mapping) {
    for (const json::key_value_pair& member : mapping) {
        const bool is_known =
            std::ranges::find(members, std::string_view(member.key())) != members.end();
        if (!is_known || !member.value().is_string()) {
            return refused("A mapping has event, instance or key, and data: expressions in CEL.",
                           std::string_view(member.key()));
        }
        const CompiledExpression expression = compiled(member.value().get_string());
        if (!expression.findings.empty()) {
            return refused(expression.findings.front().message, std::string_view(member.key()));
        }
    }
    if (!mapping.contains("event") || mapping.contains("instance") == mapping.contains("key")) {
        return refused("A mapping has event, and one of instance and key.", "");
    }
    return success();
}

Result<Mapped> map_payload(const json::object& mapping, const json::value& payload) {
    const Value root = from_json(payload, nullptr);
    Mapped mapped;
    SILLAGE_TRY(mapped.event, text_of(mapping, "event", root));
    SILLAGE_TRY(mapped.instance, text_of(mapping, "instance", root));
    SILLAGE_TRY(mapped.key, text_of(mapping, "key", root));
    SILLAGE_TRY(mapped.data, member_of(mapping, "data", root));
    return mapped;
}

}  // namespace sillage::server
