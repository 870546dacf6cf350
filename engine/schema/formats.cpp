#include <algorithm>

#include "engine/base/instant.hpp"
#include "engine/schema/detail/formats.hpp"

namespace sillage {
namespace {

/// RFC 5321, 4.5.3.1.
constexpr std::size_t local_part_bytes_max = 64;
constexpr std::size_t domain_bytes_max = 255;
constexpr std::size_t label_bytes_max = 63;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_above_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Letters beyond ASCII may stand in an address (RFC 6531).
bool is_atom_character(char c) {
    return is_letter(c) || is_digit(c) || is_above_ascii(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, [](char c) {
               return is_letter(c) || is_digit(c) || is_above_ascii(c) || c == '-';
           });
}

/// Whether every part between dots satisfies `fits`.
template <class Fits>
bool all_parts(std::string_view text, Fits fits) {
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('.', begin), text.size());
        if (!fits(text.substr(begin, end - begin))) {
            return false;
        }
        begin = end + 1;
    }
    return true;
}

bool is_email(std::string_view text) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at > local_part_bytes_max ||
        text.size() - at - 1 > domain_bytes_max) {
        return false;
    }
    const auto is_atom = [](std::string_view part) {
        return !part.empty() && std::ranges::all_of(part, is_atom_character);
    };
    return all_parts(text.substr(0, at), is_atom) && all_parts(text.substr(at + 1), is_label);
}

bool is_uri_character(char c) {
    return is_letter(c) || is_digit(c) ||
           std::string_view("-._~:/?#[]@!$&'()*+,;=").find(c) != std::string_view::npos;
}

bool is_uri(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() ||
        !is_letter(text.front()) || !std::ranges::all_of(text.substr(0, colon), [](char c) {
            return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
        })) {
        return false;
    }
    const std::string_view rest = text.substr(colon + 1);
    for (std::size_t index = 0; index < rest.size(); ++index) {
        if (rest[index] == '%') {
            if (index + 2 >= rest.size() || !is_hex(rest[index + 1]) || !is_hex(rest[index + 2])) {
                return false;
            }
        } else if (!is_uri_character(rest[index])) {
            return false;
        }
    }
    // An authority must be named: `https://` alone leads nowhere.
    return !rest.starts_with("//") || (rest.size() > 2 && rest[2] != '/' && rest[2] != '?');
}

}  // namespace

bool fits_format(std::string_view text, SchemaFormat format) {
    switch (format) {
        case SchemaFormat::none:
            return true;
        case SchemaFormat::date:
            return parse_date(text).has_value();
        case SchemaFormat::date_time:
            return parse_instant(text).has_value();
        case SchemaFormat::email:
            return is_email(text);
        case SchemaFormat::uri:
            return is_uri(text);
    }
    return false;
}

std::string_view name_of(SchemaFormat format) {
    switch (format) {
        case SchemaFormat::none:
            return "";
        case SchemaFormat::date:
            return "date";
        case SchemaFormat::date_time:
            return "date-time";
        case SchemaFormat::email:
            return "email";
        case SchemaFormat::uri:
            return "uri";
    }
    return "";
}

std::string_view name_of(SchemaType type) {
    switch (type) {
        case SchemaType::any:
            return "any";
        case SchemaType::string:
            return "string";
        case SchemaType::integer:
            return "integer";
        case SchemaType::number:
            return "number";
        case SchemaType::boolean:
            return "boolean";
        case SchemaType::array:
            return "array";
        case SchemaType::object:
            return "object";
    }
    return "";
}

std::size_t count_code_points(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace sillage
