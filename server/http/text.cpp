#include "server/http/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sillage::server {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_token_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// The length of the well-formed UTF-8 sequence at the start of `text`, or 0 (Unicode, table 3-7).
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t index) {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
    };
    const auto continues = [&](std::size_t index) { return (byte(index) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80U) {
        return 1;
    }
    if (first >= 0xC2U && first <= 0xDFU) {
        return continues(1) ? 2 : 0;
    }
    const unsigned second = byte(1);
    if (first >= 0xE0U && first <= 0xEFU) {
        const bool fits = (first != 0xE0U || second >= 0xA0U) && (first != 0xEDU || second < 0xA0U);
        return fits && continues(1) && continues(2) ? 3 : 0;
    }
    if (first >= 0xF0U && first <= 0xF4U) {
        const bool fits = (first != 0xF0U || second >= 0x90U) && (first != 0xF4U || second < 0x90U);
        return fits && continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

Error bad_encoding(std::string message) {
    return Error{.code = ErrorCode::invalid_argument, .message = std::move(message)};
}

}  // namespace

std::string to_lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(begin);
    const std::size_t last = text.find_last_not_of(" \t");
    return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    for (std::size_t end = text.find(separator); end != std::string_view::npos;
         end = text.find(separator, begin)) {
        parts.push_back(trim(text.substr(begin, end - begin)));
        begin = end + 1;
    }
    parts.push_back(trim(text.substr(begin)));
    return parts;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::string to_utf8(std::string text) {
    if (!is_utf8(text)) {
        std::ranges::replace_if(
            text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '?');
    }
    return text;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t index = 0; index < text.size(); ++index) {
        if (text[index] != '%') {
            decoded += plus_is_blank && text[index] == '+' ? ' ' : text[index];
            continue;
        }
        const int high = index + 2 < text.size() ? hex_digit(text[index + 1]) : -1;
        const int low = index + 2 < text.size() ? hex_digit(text[index + 2]) : -1;
        if (high < 0 || low < 0) {
            return bad_encoding("A % in the address must be followed by two hexadecimal digits.");
        }
        decoded += static_cast<char>(high * 16 + low);
        index += 2;
    }
    if (decoded.find('\0') != std::string::npos || !is_utf8(decoded)) {
        return bad_encoding("The address must be UTF-8 without NUL.");
    }
    return decoded;
}

std::string percent_encode(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') ||
                              std::string_view("-._~").find(c) != std::string_view::npos;
        encoded +=
            is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

Result<std::vector<Field>> read_pairs(std::string_view text) {
    std::vector<Field> pairs;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        if (part.empty()) {
            continue;
        }
        const std::size_t equals = std::min(part.find('='), part.size());
        SILLAGE_TRY(auto name, percent_decode(part.substr(0, equals), true));
        SILLAGE_TRY(auto value,
                    percent_decode(part.substr(std::min(part.size(), equals + 1)), true));
        pairs.push_back(Field{std::move(name), std::move(value)});
    }
    return pairs;
}

Result<void> read_target(std::string_view target, Request& request) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (equals_ignoring_case(target.substr(0, scheme.size()), scheme)) {
            const std::size_t authority_end = target.find_first_of("/?", scheme.size());
            target.remove_prefix(std::min(target.size(), authority_end));
            if (target.empty()) {
                target = "/";
            }
        }
    }
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = std::string(target.substr(0, mark));
    if (request.path != "*" && !request.path.starts_with('/')) {
        return bad_encoding("The request target must be a path such as /v1/instances.");
    }
    SILLAGE_TRY(request.query, read_pairs(target.substr(std::min(target.size(), mark + 1))));
    return success();
}

}  // namespace sillage::server
