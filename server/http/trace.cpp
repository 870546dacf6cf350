#include "server/http/trace.hpp"

#include <algorithm>

namespace sillage::server {
namespace {

/// `00-`, 32 digits, `-`, 16 digits, `-`, 2 digits.
constexpr std::size_t length = 55;
constexpr std::size_t id_begins = 3;
constexpr std::size_t id_digits = 32;
constexpr std::size_t parent_begins = 36;
constexpr std::size_t parent_digits = 16;

bool is_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool is_zero(std::string_view digits) {
    return digits.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::string_view trace_of(const Headers& headers) {
    const std::string_view text = headers.find("traceparent").value_or("");
    // Later versions may be longer; what this one has stands first in them.
    const bool has_length = text.size() == length || (text.size() > length && text[length] == '-' &&
                                                      !text.starts_with("00"));
    if (!has_length || text.starts_with("ff")) {
        return {};
    }
    const std::string_view known = text.substr(0, length);
    for (std::size_t i = 0; i < length; ++i) {
        const bool is_dash = i == 2 || i == parent_begins - 1 || i == parent_begins + parent_digits;
        if (is_dash ? known[i] != '-' : !is_digit(known[i])) {
            return {};
        }
    }
    const bool is_void = is_zero(known.substr(id_begins, id_digits)) ||
                         is_zero(known.substr(parent_begins, parent_digits));
    return is_void ? std::string_view() : known;
}

std::string_view trace_id(std::string_view traceparent) {
    return traceparent.size() < length ? std::string_view()
                                       : traceparent.substr(id_begins, id_digits);
}

}  // namespace sillage::server
