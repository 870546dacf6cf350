#include "engine/cel/detail/literals.hpp"

#include <charconv>
#include <cmath>

#include "engine/cel/detail/utf8.hpp"

namespace sillage {
namespace {

ExpressionFinding bad_escape(std::size_t offset, std::string_view why) {
    return ExpressionFinding{.offset = offset, .code = "syntax", .message = std::string(why)};
}

/// The single characters that may follow a backslash, and what they stand for.
constexpr std::string_view simple_escapes = "abfnrtv\\?\"'`";
constexpr std::string_view simple_meanings = "\a\b\f\n\r\t\v\\?\"'`";

struct NumericEscape {
    std::size_t digits_at;
    std::size_t digit_count;
    int base;
};

NumericEscape numeric_escape(std::string_view body, std::size_t at) {
    switch (body[at + 1]) {
        case 'x':
        case 'X':
            return {at + 2, 2, 16};
        case 'u':
            return {at + 2, 4, 16};
        case 'U':
            return {at + 2, 8, 16};
        case '0':
        case '1':
        case '2':
        case '3':
            return {at + 1, 3, 8};
        default:
            return {at + 1, 0, 0};
    }
}

}  // namespace

Parsed<std::string> unescape(std::string_view body, std::size_t offset, bool bytes) {
    std::string text;
    text.reserve(body.size());
    for (std::size_t at = 0; at < body.size();) {
        if (body[at] != '\\') {
            text += body[at++];
            continue;
        }
        const auto simple =
            at + 1 < body.size() ? simple_escapes.find(body[at + 1]) : std::string_view::npos;
        if (simple != std::string_view::npos) {
            text += simple_meanings[simple];
            at += 2;
            continue;
        }
        const auto escape =
            at + 1 < body.size() ? numeric_escape(body, at) : NumericEscape{at, 0, 0};
        if (escape.digit_count == 0 || escape.digits_at + escape.digit_count > body.size() ||
            (bytes && (body[at + 1] == 'u' || body[at + 1] == 'U'))) {
            return bad_escape(offset + at, "This escape sequence is not known.");
        }
        std::uint32_t number = 0;
        const char* begin = body.data() + escape.digits_at;
        const char* end = begin + escape.digit_count;
        if (std::from_chars(begin, end, number, escape.base).ptr != end) {
            return bad_escape(offset + at, "This escape sequence lacks digits.");
        }
        if (bytes) {
            text += static_cast<char>(number);
        } else if (!append_code_point(text, number)) {
            return bad_escape(offset + at, "This escape sequence is no Unicode character.");
        }
        at = escape.digits_at + escape.digit_count;
    }
    return text;
}

std::optional<Value> integer_value(std::string_view digits, bool negative) {
    const int base = digits.starts_with("0x") || digits.starts_with("0X") ? 16 : 10;
    digits.remove_prefix(base == 16 ? 2 : 0);
    const std::string signed_digits = (negative ? "-" : "") + std::string(digits);
    std::int64_t number = 0;
    const char* end = signed_digits.data() + signed_digits.size();
    const auto read = std::from_chars(signed_digits.data(), end, number, base);
    return read.ec == std::errc() && read.ptr == end ? std::optional(Value(number)) : std::nullopt;
}

std::optional<Value> unsigned_value(std::string_view digits) {
    const int base = digits.starts_with("0x") || digits.starts_with("0X") ? 16 : 10;
    digits.remove_prefix(base == 16 ? 2 : 0);
    std::uint64_t number = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number, base);
    return read.ec == std::errc() && read.ptr == end ? std::optional(Value(number)) : std::nullopt;
}

std::optional<double> read_double(std::string_view digits) {
    double number = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number);
    if (read.ptr != end || digits.empty()) {
        return std::nullopt;
    }
    if (read.ec == std::errc::result_out_of_range) {
        // from_chars does not say which end it fell off: the exponent's sign does.
        return digits.find("e-") != std::string_view::npos ||
                       digits.find("E-") != std::string_view::npos
                   ? std::optional(digits.front() == '-' ? -0.0 : 0.0)
                   : std::nullopt;
    }
    return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

}  // namespace sillage
