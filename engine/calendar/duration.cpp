#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <vector>

#include "engine/base/nearest.hpp"
#include "engine/calendar/calendar.hpp"

// Durations as text. Calendar parts and exact parts never turn into each other: a day may have 23
// hours, so `24h` stays `PT24H`.

namespace sillage {
namespace {

/// A thousand years: longer than any programme, short enough that no sum overflows.
constexpr std::int64_t years_max = 1'000;
constexpr std::int64_t days_max = years_max * 366;
constexpr std::int64_t ms_max = days_max * 86'400'000;

enum class Part { months, days, working_days, exact };

struct Unit {
    std::string_view name;
    Part part;
    std::int64_t factor;
};

constexpr std::array<Unit, 28> units = {{
    {"days", Part::days, 1},
    {"day", Part::days, 1},
    {"d", Part::days, 1},
    {"weeks", Part::days, 7},
    {"week", Part::days, 7},
    {"w", Part::days, 7},
    {"months", Part::months, 1},
    {"month", Part::months, 1},
    {"years", Part::months, 12},
    {"year", Part::months, 12},
    {"y", Part::months, 12},
    {"hours", Part::exact, 3'600'000},
    {"hour", Part::exact, 3'600'000},
    {"h", Part::exact, 3'600'000},
    {"minutes", Part::exact, 60'000},
    {"minute", Part::exact, 60'000},
    {"mins", Part::exact, 60'000},
    {"min", Part::exact, 60'000},
    {"seconds", Part::exact, 1'000},
    {"second", Part::exact, 1'000},
    {"secs", Part::exact, 1'000},
    {"sec", Part::exact, 1'000},
    {"s", Part::exact, 1'000},
    {"milliseconds", Part::exact, 1},
    {"millisecond", Part::exact, 1},
    {"ms", Part::exact, 1},
    {"working days", Part::working_days, 1},
    {"working day", Part::working_days, 1},
}};

Error refused(std::string message) {
    return Error{.code = ErrorCode::invalid_argument, .message = std::move(message)};
}

Error not_a_duration(std::string_view text, std::string_view why = "") {
    return refused(fmt::format(
        "\"{}\" is not a duration such as 14 days, 36h, 10 working days or P1Y2M10DT2H{}",
        text.substr(0, 64), why.empty() ? std::string(".") : fmt::format("; {}", why)));
}

Error too_long(std::string_view text) {
    return refused(fmt::format("\"{}\" is longer than {} years.", text.substr(0, 64), years_max));
}

/// Takes the digits at the front; nothing when there are none or they pass any limit by far.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    if (text.empty() || text.front() < '0' || text.front() > '9') {
        return std::nullopt;
    }
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc::result_out_of_range) {
        number = std::numeric_limits<std::int64_t>::max();
    }
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return number;
}

std::int64_t limit_of(Part part) {
    switch (part) {
        case Part::months:
            return years_max * 12;
        case Part::days:
        case Part::working_days:
            return days_max;
        case Part::exact:
            return ms_max;
    }
    return 0;
}

std::int64_t& part_of(CalendarDuration& duration, Part part) {
    switch (part) {
        case Part::months:
            return duration.months;
        case Part::days:
            return duration.days;
        case Part::working_days:
            return duration.working_days;
        case Part::exact:
            break;
    }
    return duration.exact.milliseconds;
}

/// False when the sum passes the limit.
bool add_part(CalendarDuration& duration, Part part, std::int64_t number, std::int64_t factor) {
    std::int64_t& value = part_of(duration, part);
    if (number > (limit_of(part) - value) / factor) {
        return false;
    }
    value += number * factor;
    return true;
}

Result<CalendarDuration> parse_words(std::string_view text) {
    std::string_view rest = text;
    const auto number = take_number(rest);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (!number) {
        return not_a_duration(text);
    }
    if (rest == "m") {
        return not_a_duration(text, fmt::format("m may be minutes or months: write {0} min or {0} "
                                                "months",
                                                *number));
    }
    for (const Unit& unit : units) {
        if (unit.name == rest) {
            CalendarDuration duration;
            if (!add_part(duration, unit.part, *number, unit.factor)) {
                return too_long(text);
            }
            return duration;
        }
    }
    std::vector<std::string_view> names;
    for (const Unit& unit : units) {
        names.push_back(unit.name);
    }
    const std::string near = nearest(rest, std::span<const std::string_view>(names));
    return not_a_duration(text, near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
}

/// Takes `.250` or `,250` from the front: milliseconds. Nothing when a digit would be lost.
std::optional<std::int64_t> take_fraction_ms(std::string_view& text) {
    text.remove_prefix(1);
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    if (count == 0 || count > 3) {
        return std::nullopt;
    }
    std::int64_t ms = *take_number(text);
    for (std::size_t seen = count; seen < 3; ++seen) {
        ms *= 10;
    }
    return ms;
}

struct IsoUnit {
    std::string_view letters;
    Part part;
    std::int64_t factor;
    bool is_time;
};

/// In the order in which they may stand. `WD` is ours.
constexpr std::array<IsoUnit, 8> iso_units = {{{"Y", Part::months, 12, false},
                                               {"M", Part::months, 1, false},
                                               {"WD", Part::working_days, 1, false},
                                               {"W", Part::days, 7, false},
                                               {"D", Part::days, 1, false},
                                               {"H", Part::exact, 3'600'000, true},
                                               {"M", Part::exact, 60'000, true},
                                               {"S", Part::exact, 1'000, true}}};

/// One number with its letters, read from the front of an ISO 8601 duration.
struct IsoReader {
    std::string_view rest;
    bool is_time = false;
    std::size_t next_unit = 0;
    CalendarDuration duration = {};

    enum class Outcome { read, malformed, too_long };

    Outcome take() {
        const auto number = take_number(rest);
        std::optional<std::int64_t> fraction = 0;
        const bool has_fraction = !rest.empty() && (rest[0] == '.' || rest[0] == ',');
        if (has_fraction) {
            fraction = take_fraction_ms(rest);
        }
        if (!number || !fraction) {
            return Outcome::malformed;
        }
        for (; next_unit < iso_units.size(); ++next_unit) {
            const IsoUnit& unit = iso_units[next_unit];
            if (unit.is_time == is_time && rest.starts_with(unit.letters)) {
                ++next_unit;
                rest.remove_prefix(unit.letters.size());
                if (has_fraction && unit.letters != "S") {
                    return Outcome::malformed;
                }
                return add_part(duration, unit.part, *number, unit.factor) &&
                               add_part(duration, Part::exact, *fraction, 1)
                           ? Outcome::read
                           : Outcome::too_long;
            }
        }
        return Outcome::malformed;
    }
};

Result<CalendarDuration> parse_iso(std::string_view text) {
    IsoReader reader{.rest = text.substr(1)};
    if (reader.rest.empty()) {
        return not_a_duration(text);
    }
    while (!reader.rest.empty()) {
        if (!reader.is_time && reader.rest[0] == 'T') {
            reader.is_time = true;
            reader.rest.remove_prefix(1);
        }
        switch (reader.take()) {
            case IsoReader::Outcome::read:
                break;
            case IsoReader::Outcome::malformed:
                return not_a_duration(text);
            case IsoReader::Outcome::too_long:
                return too_long(text);
        }
    }
    const CalendarDuration& read = reader.duration;
    if (read.working_days != 0 &&
        (read.months != 0 || read.days != 0 || read.exact.milliseconds != 0)) {
        return not_a_duration(text, "working days stand alone");
    }
    return read;
}

std::string exact_to_iso(std::int64_t ms) {
    std::string text = "T";
    if (ms >= 3'600'000) {
        text += fmt::format("{}H", ms / 3'600'000);
    }
    if (ms / 60'000 % 60 != 0) {
        text += fmt::format("{}M", ms / 60'000 % 60);
    }
    if (ms % 60'000 != 0 || ms == 0) {
        std::string seconds = fmt::format("{}.{:03}", ms / 1000 % 60, ms % 1000);
        seconds.erase(seconds.find_last_not_of('0') + 1);
        text += seconds.substr(0, seconds.ends_with('.') ? seconds.size() - 1 : seconds.size());
        text += 'S';
    }
    return text;
}

}  // namespace

Result<CalendarDuration> parse_duration(std::string_view text) {
    return text.starts_with('P') ? parse_iso(text) : parse_words(text);
}

std::string to_iso(const CalendarDuration& duration) {
    std::string text = "P";
    if (duration.months != 0) {
        text += duration.months % 12 == 0 ? fmt::format("{}Y", duration.months / 12)
                                          : fmt::format("{}M", duration.months);
    }
    if (duration.days != 0) {
        text += fmt::format("{}D", duration.days);
    }
    if (duration.working_days != 0) {
        text += fmt::format("{}WD", duration.working_days);
    }
    if (duration.exact.milliseconds != 0 || text == "P") {
        text += exact_to_iso(duration.exact.milliseconds);
    }
    return text;
}

}  // namespace sillage
