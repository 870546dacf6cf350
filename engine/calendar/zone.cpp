#include <unicode/strenum.h>
#include <unicode/tzrule.h>
#include <unicode/tztrans.h>
#include <unicode/ucal.h>

#include <algorithm>
#include <array>
#include <vector>

#include "engine/base/assert.hpp"
#include "engine/base/nearest.hpp"
#include "engine/calendar/detail/zone.hpp"

namespace sillage {
namespace {

/// IANA's own names of three letters. ICU knows more (`BST` is Bangladesh to it) that surprise.
constexpr std::array<std::string_view, 13> short_names = {
    "CET", "EET", "EST", "GMT", "HST", "MET", "MST", "PRC", "ROC", "ROK", "UCT", "UTC", "WET"};

std::vector<std::string> zone_names() {
    std::vector<std::string> names;
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::StringEnumeration> all(
        icu::TimeZone::createTimeZoneIDEnumeration(UCAL_ZONE_TYPE_ANY, nullptr, nullptr, status));
    if (U_FAILURE(status) || !all) {
        return names;
    }
    for (const char* name = all->next(nullptr, status); name != nullptr && U_SUCCESS(status);
         name = all->next(nullptr, status)) {
        names.emplace_back(name);
    }
    return names;
}

bool is_zone_name(std::string_view name) {
    if (name.size() == 3 && std::ranges::find(short_names, name) == short_names.end()) {
        return false;
    }
    UErrorCode status = U_ZERO_ERROR;
    UBool is_system = false;
    icu::UnicodeString canonical;
    icu::TimeZone::getCanonicalID(icu::UnicodeString::fromUTF8(std::string(name)), canonical,
                                  is_system, status);
    return U_SUCCESS(status) && is_system && name != "Etc/Unknown";
}

std::unique_ptr<icu::BasicTimeZone> rules_of(std::string_view name) {
    std::unique_ptr<icu::TimeZone> zone(
        icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(std::string(name))));
    auto* rules = dynamic_cast<icu::BasicTimeZone*>(zone.get());
    SILLAGE_ASSERT(rules != nullptr);  // every system zone of ICU is one
    (void)zone.release();
    return std::unique_ptr<icu::BasicTimeZone>(rules);
}

/// The years whose changes a zone lists: those in which instances live, and deadlines end.
constexpr std::int64_t listed_from_ms = 0;                   // 1970-01-01
constexpr std::int64_t listed_until_ms = 4'102'444'800'000;  // 2100-01-01
/// Clocks are never further than this from UTC.
constexpr std::int64_t offset_ms_max = ms_per_day;
/// Two a year are about 250; a zone of more changes than this is left to ICU.
constexpr std::size_t listed_changes_max = 1'000;

std::int64_t offset_by_rules(const icu::BasicTimeZone& rules, std::int64_t at_ms) {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t standard = 0;
    std::int32_t daylight = 0;
    rules.getOffset(static_cast<UDate>(at_ms), false, standard, daylight, status);
    SILLAGE_ASSERT(U_SUCCESS(status));
    return std::int64_t{standard} + daylight;
}

std::int64_t local_offset_by_rules(const icu::BasicTimeZone& rules, std::int64_t local_ms) {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t standard = 0;
    std::int32_t daylight = 0;
    // "Former" is the offset before the change: that moves a time in a gap forward by the gap and
    // makes a repeated time the first of the two.
    rules.getOffsetFromLocal(static_cast<UDate>(local_ms), UCAL_TZ_LOCAL_FORMER,
                             UCAL_TZ_LOCAL_FORMER, standard, daylight, status);
    SILLAGE_ASSERT(U_SUCCESS(status));
    return std::int64_t{standard} + daylight;
}

std::vector<OffsetChange> list_changes(const icu::BasicTimeZone& rules) {
    const std::int64_t first = offset_by_rules(rules, listed_from_ms);
    std::vector<OffsetChange> changes{{listed_from_ms, listed_from_ms + first, first}};
    icu::TimeZoneTransition next;
    std::int64_t at = listed_from_ms;
    while (rules.getNextTransition(static_cast<UDate>(at), false, next) != 0) {
        at = static_cast<std::int64_t>(next.getTime());
        if (at >= listed_until_ms) {
            return changes;
        }
        if (changes.size() == listed_changes_max) {
            return {};
        }
        const std::int64_t before = changes.back().offset_ms;
        const std::int64_t after = offset_by_rules(rules, at);
        // Both a skipped and a repeated time are read with the offset before.
        changes.push_back({at, at + std::max(before, after), after});
    }
    return changes;
}

/// Changes by which a guess may be beside what it looks for before a search is quicker. Chosen: two
/// years of them.
constexpr int beside_guess_max = 4;

/// The last change at or before that time. Needs one there. Most zones change at even distances
/// since long, so that a guess from the end is seldom more than one beside it.
std::int64_t offset_in(const std::vector<OffsetChange>& changes, std::int64_t OffsetChange::*time,
                       std::int64_t at) {
    const OffsetChange& last = changes.back();
    if (at >= last.*time) {
        return last.offset_ms;
    }
    const auto count = static_cast<std::int64_t>(changes.size());
    const std::int64_t middle = (count - 1) / 2;
    const std::int64_t distance =
        (last.*time - changes[static_cast<std::size_t>(middle)].*time) / (count - 1 - middle);
    const std::int64_t back = (last.*time - at) / distance + 1;
    auto guess = static_cast<std::size_t>(std::max<std::int64_t>(0, count - 1 - back));
    for (int beside = 0; beside <= beside_guess_max; ++beside) {
        if (changes[guess].*time > at) {
            --guess;
        } else if (changes[guess + 1].*time <= at) {
            ++guess;
        } else {
            return changes[guess].offset_ms;
        }
    }
    return std::prev(std::ranges::upper_bound(changes, at, {}, time))->offset_ms;
}

}  // namespace

Zone::Zone(std::unique_ptr<icu::BasicTimeZone> rules)
    : rules_(std::move(rules)), changes_(list_changes(*rules_)) {}

std::int64_t Zone::offset_ms(Instant at) const {
    const bool is_listed =
        !changes_.empty() && at.milliseconds >= listed_from_ms && at.milliseconds < listed_until_ms;
    return is_listed ? offset_in(changes_, &OffsetChange::at_ms, at.milliseconds)
                     : offset_by_rules(*rules_, at.milliseconds);
}

Instant Zone::instant_of(std::int64_t local_ms) const {
    const bool is_listed = !changes_.empty() && local_ms >= listed_from_ms + offset_ms_max &&
                           local_ms < listed_until_ms - offset_ms_max;
    return Instant{local_ms - (is_listed ? offset_in(changes_, &OffsetChange::local_ms, local_ms)
                                         : local_offset_by_rules(*rules_, local_ms))};
}

const Zone& zone_of(const WorkCalendar& calendar) {
    static const Zone utc(rules_of("UTC"));
    return calendar.zone ? *calendar.zone : utc;
}

std::int64_t local_ms(const WorkCalendar& calendar, Instant at) {
    return at.milliseconds + zone_of(calendar).offset_ms(at);
}

std::int64_t local_day(const WorkCalendar& calendar, Instant at) {
    return floor_div(local_ms(calendar, at), ms_per_day);
}

Result<std::shared_ptr<const Zone>> load_zone(std::string_view name) {
    if (!is_zone_name(name)) {
        const std::vector<std::string> names = zone_names();
        const std::string near = nearest(name.substr(0, 64), std::span(names));
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "\"" + std::string(name.substr(0, 64)) +
                                "\" is not a time zone such as Europe/Paris" +
                                (near.empty() ? "." : did_you_mean(near))};
    }
    return std::shared_ptr<const Zone>(std::make_shared<Zone>(rules_of(name)));
}

Result<std::int64_t> offset_seconds(std::string_view zone, Instant at) {
    if (!is_zone_name(zone)) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "\"" + std::string(zone.substr(0, 64)) +
                                "\" is not a time zone such as Europe/Paris."};
    }
    return offset_by_rules(*rules_of(zone), at.milliseconds) / 1000;
}

std::int64_t offset_seconds(const Zone& zone, Instant at) { return zone.offset_ms(at) / 1000; }

Instant start_of_day(const WorkCalendar& calendar, CivilDate date) {
    const Zone& zone = zone_of(calendar);
    const std::int64_t midnight = days_from_civil(date) * ms_per_day;
    const Instant at = zone.instant_of(midnight);
    if (at.milliseconds + zone.offset_ms(at) == midnight) {
        return at;
    }
    // 00:00 lies in a gap: the day begins with the change itself, which came at or before `at`.
    icu::TimeZoneTransition change;
    const bool found =
        zone.rules().getPreviousTransition(static_cast<UDate>(at.milliseconds), true, change) != 0;
    return found ? Instant{static_cast<std::int64_t>(change.getTime())} : at;
}

}  // namespace sillage
