#include "engine/store/sqlite/positions.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace sillage {

std::string position_list(std::span<const std::uint64_t> positions) {
    std::string text;
    std::uint64_t before = 0;
    for (const std::uint64_t position : positions) {
        fmt::format_to(std::back_inserter(text), "{}{}", text.empty() ? "" : ",",
                       position - before);
        before = position;
    }
    return text;
}

Result<std::vector<std::uint64_t>> positions_of(std::string_view column) {
    std::vector<std::uint64_t> positions;
    const char* next = column.data();
    const char* const end = next + column.size();
    while (next != end) {
        std::uint64_t step = 0;
        const auto [stopped, error] = std::from_chars(next, end, step);
        const bool goes_on = error == std::errc() && stopped != end;
        if (error != std::errc() || (goes_on && (*stopped != ',' || stopped + 1 == end))) {
            return Error{.code = ErrorCode::corrupt,
                         .message = "A column does not hold the positions it should."};
        }
        positions.push_back((positions.empty() ? 0 : positions.back()) + step);
        next = goes_on ? stopped + 1 : end;
    }
    return positions;
}

}  // namespace sillage
