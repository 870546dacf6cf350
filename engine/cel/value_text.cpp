#include <fmt/format.h>

#include <cmath>

#include "engine/base/json.hpp"
#include "engine/cel/detail/time_text.hpp"
#include "engine/cel/value.hpp"

namespace sillage {
namespace {

std::string quoted(std::string_view text) {
    return to_json_text(boost::json::value(boost::json::string(text)));
}

/// Octets as they are in ASCII, others as `\xff`.
std::string quoted_octets(std::string_view octets) {
    std::string text = "b\"";
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        const bool plain = octet >= 0x20 && octet < 0x7F && c != '"' && c != '\\';
        text += plain ? std::string(1, c) : fmt::format("\\x{:02x}", octet);
    }
    return text + '"';
}

struct Writer {
    std::string operator()(NullValue) const { return "null"; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(std::uint64_t number) const { return std::to_string(number) + "u"; }
    std::string operator()(double number) const {
        return std::isfinite(number) ? to_json_text(boost::json::value(number))
                                     : "double(\"" + double_text(number) + "\")";
    }
    std::string operator()(TextView text) const { return quoted(text.view); }
    std::string operator()(const Bytes& bytes) const { return quoted_octets(bytes.octets); }
    std::string operator()(const ValueList* list) const {
        std::string text;
        for (const Value& item : *list) {
            text += (text.empty() ? "" : ", ") + to_string(item);
        }
        return "[" + text + "]";
    }
    std::string operator()(const ValueEntries* map) const {
        std::string text;
        for (const auto& [key, value] : *map) {
            text += (text.empty() ? "" : ", ") + to_string(key) + ": " + to_string(value);
        }
        return "{" + text + "}";
    }
    std::string operator()(Timestamp at) const {
        return "timestamp(\"" + timestamp_text(at) + "\")";
    }
    std::string operator()(TimeSpan span) const {
        return "duration(\"" + time_span_text(span) + "\")";
    }
    std::string operator()(TypeName type) const { return std::string(type.name); }
};

}  // namespace

std::string to_string(const Value& value) { return std::visit(Writer{}, value.data()); }

}  // namespace sillage
