#include "engine/cel/detail/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "engine/base/instant.hpp"
#include "engine/cel/detail/meter.hpp"

namespace sillage {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t timestamp_min = instant_min.milliseconds / 1000;
constexpr std::int64_t timestamp_max = (instant_max.milliseconds - 999) / 1000;
/// Of google.protobuf.Duration.
constexpr std::int64_t time_span_max = 315'576'000'000;

/// `.5` for 500,000,000; nothing for 0.
std::string fraction_text(std::int64_t nanoseconds) {
    if (nanoseconds == 0) {
        return "";
    }
    std::string digits = fmt::format(".{:09}", nanoseconds);
    digits.erase(digits.find_last_not_of('0') + 1);
    return digits;
}

struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
};
/// Two spellings of micro: U+00B5 and U+03BC. Longer names before their beginnings.
constexpr std::array<Unit, 8> units = {{{"ns", 1},
                                        {"us", 1'000},
                                        {"\u00b5s", 1'000},
                                        {"\u03bcs", 1'000},
                                        {"ms", 1'000'000},
                                        {"s", second_ns},
                                        {"m", 60 * second_ns},
                                        {"h", 3600 * second_ns}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes `1.5h` from the front; nothing when it is no such part.
std::optional<WideInt> take_part(std::string_view& text) {
    // 18 digits of nanoseconds keep every product below within 128 bits.
    constexpr std::size_t digits_max = 18;
    WideInt whole = 0;
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) {
        whole = digits < digits_max ? whole * 10 + (text[digits] - '0') : whole;
        ++digits;
    }
    if (digits > digits_max) {
        return std::nullopt;
    }
    text.remove_prefix(digits);
    WideInt fraction = 0;
    WideInt scale = 1;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++digits) {
            if (scale < WideInt(1'000'000'000'000'000)) {
                fraction = fraction * 10 + (text.front() - '0');
                scale *= 10;
            }
        }
    }
    for (const Unit& unit : units) {
        if (digits > 0 && text.starts_with(unit.name)) {
            text.remove_prefix(unit.name.size());
            return whole * unit.nanoseconds + fraction * unit.nanoseconds / scale;
        }
    }
    return std::nullopt;
}

Error not_a(std::string_view what, std::string_view text, std::string_view example) {
    return evaluation_error(fmt::format("\"{}\" is not a {} such as {}, or out of range.",
                                        text.substr(0, 64), what, example));
}

}  // namespace

WideInt nanoseconds_of(Timestamp at) { return WideInt(at.seconds) * second_ns + at.nanoseconds; }

WideInt nanoseconds_of(TimeSpan span) {
    return WideInt(span.seconds) * second_ns + span.nanoseconds;
}

Result<Timestamp> timestamp_at(WideInt nanoseconds) {
    WideInt seconds = nanoseconds / second_ns;
    WideInt rest = nanoseconds % second_ns;
    if (rest < 0) {
        rest += second_ns;
        --seconds;
    }
    if (seconds < timestamp_min || seconds > timestamp_max) {
        return evaluation_error("timestamp out of range: the years are 1 to 9999");
    }
    return Timestamp{.seconds = static_cast<std::int64_t>(seconds),
                     .nanoseconds = static_cast<std::int32_t>(rest)};
}

Result<TimeSpan> time_span_of(WideInt nanoseconds) {
    const WideInt limit = WideInt(time_span_max) * second_ns;
    if (nanoseconds > limit || nanoseconds < -limit) {
        return evaluation_error("duration out of range: at most 10,000 years");
    }
    return TimeSpan{.seconds = static_cast<std::int64_t>(nanoseconds / second_ns),
                    .nanoseconds = static_cast<std::int32_t>(nanoseconds % second_ns)};
}

Result<Timestamp> parse_timestamp(std::string_view text) {
    const auto instant = parse_instant(text);
    if (!instant) {
        return not_a("timestamp", text, "2027-03-15T16:00:00Z");
    }
    std::int64_t nanoseconds = 0;
    if (text[19] == '.') {
        std::int64_t unit = second_ns / 10;
        for (std::size_t at = 20; is_digit(text[at]); ++at, unit /= 10) {
            nanoseconds += unit * (text[at] - '0');
        }
    }
    const std::int64_t ms = instant.value().milliseconds;
    const std::int64_t fraction_ms = nanoseconds / 1'000'000;
    return Timestamp{.seconds = (ms - fraction_ms) / 1000,
                     .nanoseconds = static_cast<std::int32_t>(nanoseconds)};
}

std::string timestamp_text(Timestamp at) {
    std::int64_t days = at.seconds / day_seconds;
    std::int64_t clock = at.seconds % day_seconds;
    if (clock < 0) {
        clock += day_seconds;
        --days;
    }
    return fmt::format("{}T{:02}:{:02}:{:02}{}Z", to_string(civil_from_days(days)), clock / 3600,
                       clock / 60 % 60, clock % 60, fraction_text(at.nanoseconds));
}

Result<TimeSpan> parse_time_span(std::string_view text) {
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) {
        rest.remove_prefix(1);
    }
    if (rest == "0") {
        return TimeSpan{};
    }
    WideInt total = 0;
    do {
        const auto part = take_part(rest);
        if (!part) {
            return not_a("duration", text, "1h30m");
        }
        total += *part;
        if (total > WideInt(time_span_max) * second_ns) {
            return not_a("duration", text, "1h30m");
        }
    } while (!rest.empty());
    return time_span_of(negative ? -total : total);
}

std::string time_span_text(TimeSpan span) {
    const bool negative = span.seconds < 0 || span.nanoseconds < 0;
    return fmt::format(
        "{}{}{}s", negative ? "-" : "", negative ? -span.seconds : span.seconds,
        fraction_text(negative ? -std::int64_t(span.nanoseconds) : std::int64_t(span.nanoseconds)));
}

std::string double_text(double number) {
    if (std::isnan(number)) {
        return "NaN";
    }
    if (std::isinf(number)) {
        return number < 0 ? "-Inf" : "+Inf";
    }
    // As Go's %g, which CEL's reference implementation uses: below 0.0001 and from a million on
    // with an exponent of at least two digits.
    constexpr double exponent_from = 1e6;
    constexpr double exponent_below = 1e-4;
    char buffer[64];
    const double size = std::fabs(number);
    const bool scientific = size != 0 && (size < exponent_below || size >= exponent_from);
    const auto end =
        std::to_chars(std::begin(buffer), std::end(buffer), number,
                      scientific ? std::chars_format::scientific : std::chars_format::fixed)
            .ptr;
    return std::string(std::begin(buffer), end);
}

}  // namespace sillage
