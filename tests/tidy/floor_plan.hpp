#pragma once

#include <optional>
#include <string_view>

namespace sillage::test {

/// A room of the floor plan. Floors count from 0; a room includes only lower ones.
struct Room {
    std::string_view folder = {};
    int floor = 0;

    bool operator==(const Room&) const = default;
};

/// The room a path lies in, the innermost one; none for what is not on the plan.
[[nodiscard]] std::optional<Room> room_of(std::string_view path);

/// May a file of one room include a header of the other?
[[nodiscard]] bool may_include(const Room& from, const Room& to);

/// True for a backend of the store: it may have what its disk needs.
[[nodiscard]] bool is_backend(std::string_view path);

}  // namespace sillage::test
