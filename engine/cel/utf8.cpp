#include <algorithm>
#include <cstdint>

#include "engine/cel/detail/utf8.hpp"

namespace sillage {
namespace {

bool is_continuation(char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U; }

bool is_scalar(char32_t code_point) {
    return code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
}

/// Octets that follow a first one; 4 for one that begins nothing.
std::size_t continuation_count(unsigned char first) {
    return first < 0x80   ? 0
           : first < 0xC2 ? 4
           : first < 0xE0 ? 1
           : first < 0xF0 ? 2
           : first < 0xF5 ? 3
                          : 4;
}

}  // namespace

bool is_cel_text(std::string_view octets) {
    constexpr char32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    for (std::size_t at = 0; at < octets.size();) {
        const auto first = static_cast<unsigned char>(octets[at]);
        const std::size_t more = continuation_count(first);
        if (more == 4 || at + more >= octets.size()) {
            return false;
        }
        char32_t code_point = more == 0 ? first : first & (0x3FU >> more);
        for (std::size_t i = 1; i <= more; ++i) {
            if (!is_continuation(octets[at + i])) {
                return false;
            }
            code_point = (code_point << 6U) | (static_cast<unsigned char>(octets[at + i]) & 0x3FU);
        }
        if (code_point < smallest[more] || !is_scalar(code_point)) {
            return false;
        }
        at += more + 1;
    }
    return true;
}

std::size_t code_point_count(std::string_view text) {
    const auto continuations = std::ranges::count_if(text, is_continuation);
    return text.size() - static_cast<std::size_t>(continuations);
}

bool append_code_point(std::string& text, char32_t code_point) {
    if (!is_scalar(code_point)) {
        return false;
    }
    const auto put = [&](std::uint32_t octet) { text += static_cast<char>(octet); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0U | (code_point >> 6U));
        put(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        put(0xE0U | (code_point >> 12U));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    } else {
        put(0xF0U | (code_point >> 18U));
        put(0x80U | ((code_point >> 12U) & 0x3FU));
        put(0x80U | ((code_point >> 6U) & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    }
    return true;
}

}  // namespace sillage
