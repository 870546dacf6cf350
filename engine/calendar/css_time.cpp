#include <algorithm>

#include "engine/calendar/calendar.hpp"

namespace sillage {
namespace {

/// As parse_duration: 1,000 years.
constexpr std::int64_t milliseconds_max = 1'000LL * 366 * 24 * 3'600 * 1'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Duration> parse_css_time(std::string_view text) {
    const bool in_ms = text.ends_with("ms");
    if (!text.ends_with('s')) {
        return std::nullopt;
    }
    text.remove_suffix(in_ms ? 2 : 1);
    const auto whole = text.substr(0, text.find('.'));
    const auto fraction = text.substr(std::min(whole.size() + 1, text.size()));
    const bool has_dot = whole.size() < text.size();
    if (!std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(fraction, is_digit) ||
        (whole.empty() && fraction.empty()) || (has_dot && fraction.empty())) {
        return std::nullopt;
    }
    std::int64_t milliseconds = 0;
    const auto add_digit = [&](char digit) {
        milliseconds = std::min(milliseconds * 10 + (digit - '0'), milliseconds_max + 1);
    };
    std::ranges::for_each(whole, add_digit);
    for (std::size_t i = 0; i < (in_ms ? 0U : 3U); ++i) {
        add_digit(i < fraction.size() ? fraction[i] : '0');
    }
    return milliseconds > milliseconds_max ? std::nullopt : std::optional(Duration{milliseconds});
}

}  // namespace sillage
