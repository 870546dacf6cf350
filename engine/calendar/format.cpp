#include "engine/calendar/format.hpp"

#include <unicode/dtptngen.h>
#include <unicode/numberformatter.h>
#include <unicode/smpdtfmt.h>

#include "engine/base/assert.hpp"
#include "engine/calendar/detail/zone.hpp"

namespace sillage {
namespace {

/// Digits after the point: more than a form asks for, fewer than show a double's rounding.
constexpr int fraction_digits_max = 6;

/// `en` alone is written as in Europe: days before months, 24 hours.
icu::Locale locale_of(std::string_view language) {
    if (language == "en") {
        return icu::Locale("en", "GB");
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::Locale locale = icu::Locale::forLanguageTag(std::string(language), status);
    return U_SUCCESS(status) && !locale.isBogus() && locale.getLanguage()[0] != '\0'
               ? locale
               : icu::Locale("en", "GB");
}

std::string to_utf8(const icu::UnicodeString& text) {
    std::string bytes;
    text.toUTF8String(bytes);
    return bytes;
}

icu::number::LocalizedNumberFormatter number_formatter(std::string_view language) {
    return icu::number::NumberFormatter::withLocale(locale_of(language))
        .precision(icu::number::Precision::maxFraction(fraction_digits_max));
}

/// `skeleton`: the parts to show, as ICU names them (`yMMMMd`); the locale gives order and words.
std::string format_parts(const WorkCalendar& calendar, Instant at, const icu::Locale& locale,
                         const char* skeleton) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::DateTimePatternGenerator> patterns(
        icu::DateTimePatternGenerator::createInstance(locale, status));
    if (U_FAILURE(status)) {
        return to_string(at);
    }
    const icu::UnicodeString pattern = patterns->getBestPattern(skeleton, status);
    icu::SimpleDateFormat format(pattern, locale, status);
    if (U_FAILURE(status)) {
        return to_string(at);
    }
    format.setTimeZone(zone_of(calendar).rules());
    icu::UnicodeString text;
    format.format(static_cast<UDate>(at.milliseconds), text);
    return to_utf8(text);
}

}  // namespace

std::string format_number(std::int64_t number, std::string_view language) {
    UErrorCode status = U_ZERO_ERROR;
    const auto formatted = number_formatter(language).formatInt(number, status);
    const std::string text = to_utf8(formatted.toString(status));
    return U_SUCCESS(status) ? text : std::to_string(number);
}

std::string format_number(double number, std::string_view language) {
    UErrorCode status = U_ZERO_ERROR;
    const auto formatted = number_formatter(language).formatDouble(number, status);
    const std::string text = to_utf8(formatted.toString(status));
    return U_SUCCESS(status) ? text : std::to_string(number);
}

std::string format_instant(const WorkCalendar& calendar, Instant at, std::string_view language) {
    return format_parts(calendar, at, locale_of(language), "yMMMMdHmz");
}

std::string format_day(const WorkCalendar& calendar, Instant at, std::string_view language) {
    return format_parts(calendar, at, locale_of(language), "yMMMMd");
}

}  // namespace sillage
