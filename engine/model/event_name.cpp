#include "engine/model/event_name.hpp"

namespace sillage {

bool is_event_name(std::string_view name) {
    bool begins = true;
    for (const char c : name) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        const bool is_other = (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (!is_letter && (begins || !is_other)) {
            return false;
        }
        begins = c == '.';
    }
    return !begins;
}

}  // namespace sillage
