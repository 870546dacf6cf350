#include "engine/base/language.hpp"

#include <algorithm>
#include <optional>

#include "engine/base/assert.hpp"

namespace sillage {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<std::size_t> position_of(const std::vector<std::string_view>& available,
                                       std::string_view tag) {
    const auto found = std::ranges::find_if(available, [tag](std::string_view offered) {
        return std::ranges::equal(offered, tag, {}, lower, lower);
    });
    return found == available.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(std::distance(available.begin(), found)));
}

/// `zh-hant-x-old` becomes `zh-hant`: a single letter goes with what it introduces.
std::string_view without_last_subtag(std::string_view tag) {
    const std::size_t dash = tag.rfind('-');
    tag = tag.substr(0, dash == std::string_view::npos ? 0 : dash);
    return tag.size() >= 2 && tag[tag.size() - 2] == '-' ? tag.substr(0, tag.size() - 2) : tag;
}

}  // namespace

std::size_t choose_language(const std::vector<std::string_view>& available,
                            const std::vector<std::string>& wanted) {
    SILLAGE_ASSERT(!available.empty());
    for (const std::string_view range : wanted) {
        for (std::string_view tag = range; !tag.empty(); tag = without_last_subtag(tag)) {
            if (const auto position = position_of(available, tag)) {
                return *position;
            }
        }
    }
    for (std::size_t index = 0; index < available.size(); ++index) {
        if (std::ranges::equal(available[index].substr(0, 2), std::string_view("en"), {}, lower) &&
            (available[index].size() == 2 || available[index][2] == '-')) {
            return index;
        }
    }
    return 0;
}

}  // namespace sillage
