#include "engine/base/nearest.hpp"

#include <algorithm>
#include <vector>

namespace sillage {
namespace {

/// Names longer than this are compared by their beginning: it bounds the quadratic cost.
constexpr std::size_t compared_bytes_max = 128;

std::size_t edit_distance(std::string_view a, std::string_view b) {
    a = a.substr(0, compared_bytes_max);
    b = b.substr(0, compared_bytes_max);
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> cells((a.size() + 1) * width);
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cells[i * width + j] = i + j;
                continue;
            }
            const std::size_t replaced =
                cells[(i - 1) * width + j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            std::size_t best =
                std::min({replaced, cells[(i - 1) * width + j] + 1, cells[i * width + j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                best = std::min(best, cells[(i - 2) * width + j - 2] + 1);
            }
            cells[i * width + j] = best;
        }
    }
    return cells.back();
}

template <class Names>
std::string nearest_of(std::string_view name, const Names& known) {
    std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
    std::string_view found;
    for (const std::string_view candidate : known) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    return std::string(found);
}

}  // namespace

std::string nearest(std::string_view name, std::span<const std::string_view> known) {
    return nearest_of(name, known);
}

std::string nearest(std::string_view name, std::span<const std::string> known) {
    return nearest_of(name, known);
}

std::string did_you_mean(std::string_view near) {
    return near.empty() ? std::string() : "; did you mean \"" + std::string(near) + "\"?";
}

}  // namespace sillage
