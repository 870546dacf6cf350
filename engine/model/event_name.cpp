#include "engine/model/event_name.hpp"

namespace sillage {

bool is_event_name(std::string_view name) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    constexpr std::string_view others = "0123456789-";
    bool begins = true;
    for (const char c : name) {
        const bool is_letter = letters.find(c) != std::string_view::npos;
        const bool is_other = others.find(c) != std::string_view::npos || c == '.';
        if (!is_letter && (begins || !is_other)) {
            return false;
        }
        begins = c == '.';
    }
    return !begins;
}

}  // namespace sillage
