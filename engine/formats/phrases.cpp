#include "engine/formats/detail/phrases.hpp"

#include <fmt/format.h>

#include <utility>

#include "engine/base/language.hpp"
#include "engine/formats/detail/words.hpp"

namespace sillage {

Phrases::Phrases(std::vector<std::string> languages)
    : languages_(std::move(languages)), french_(choose_language({"en", "fr"}, languages_) == 1) {}

std::string Phrases::plain(const Text& text) const {
    if (text.empty()) {
        return {};
    }
    std::vector<std::string_view> available;
    for (const Text::Variant& variant : text.variants) {
        available.push_back(variant.language);
    }
    std::string plain;
    for (const auto& piece : text.variants[choose_language(available, languages_)].pieces) {
        const auto* literal = std::get_if<std::string>(&piece);
        plain += literal != nullptr ? *literal : "…";
    }
    return plain;
}

std::string Phrases::either(const char* english, const char* french) const {
    return french_ ? french : english;
}

/// French counts zero and one alike, English one alone; `mois` is its own plural.
std::string Phrases::counted(std::int64_t count, const char* english, const char* french) const {
    const std::string unit = either(english, french);
    const bool is_one = french_ ? count < 2 : count == 1;
    std::string plural;
    for (const char c : unit) {
        plural += c == ' ' && french_ ? std::string("s ") : std::string(1, c);
    }
    plural += unit.ends_with('s') ? "" : "s";
    return fmt::format("{} {}", count, is_one ? unit : plural);
}

std::string Phrases::delay(const Delay& delay) const {
    const auto* known = std::get_if<CalendarDuration>(&delay);
    if (known == nullptr) {
        return std::get<Expression>(delay).text;
    }
    const CalendarDuration& duration = *known;
    if (duration == CalendarDuration{.months = duration.months} && duration.months != 0) {
        return counted(duration.months, "month", "mois");
    }
    if (duration == CalendarDuration{.days = duration.days} && duration.days != 0) {
        return counted(duration.days, "day", "jour");
    }
    if (duration == CalendarDuration{.working_days = duration.working_days} &&
        duration.working_days != 0) {
        return counted(duration.working_days, "working day", "jour ouvré");
    }
    return duration_words(duration);
}

std::string Phrases::waits_for(const std::string& role) const {
    return either("waits for ", "attend : ") + role;
}

std::string Phrases::deadline(const Deadline& deadline) const {
    return deadline.within ? either("within ", "sous ") + delay(*deadline.within)
                           : either("until ", "jusqu'à ") + deadline.at->text;
}

std::string Phrases::after(const Delay& delay_to_wait) const {
    return either("after ", "après ") + delay(delay_to_wait);
}

std::string Phrases::deadline_passed() const {
    return either("deadline passed", "échéance dépassée");
}
std::string Phrases::reminder() const { return either("reminder", "rappel"); }
std::string Phrases::done() const { return either("all done", "tout est terminé"); }
std::string Phrases::about(const std::string& words, const std::string& state) const {
    return words + either(": ", " : ") + state;
}
std::string Phrases::failed() const { return either("on error", "en cas d'erreur"); }
std::string Phrases::runs(const std::string& workflow) const {
    return either("runs ", "lance ") + workflow;
}
std::string Phrases::anywhere() const { return either("from anywhere", "de partout"); }

}  // namespace sillage
