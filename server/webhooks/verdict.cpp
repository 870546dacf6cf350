#include "server/webhooks/verdict.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/outbox/retry.hpp"
#include "server/http/text.hpp"

namespace sillage::server {
namespace {

constexpr int gone = 410;
constexpr int too_many_requests = 429;
constexpr int unavailable = 503;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && last == end && !text.empty() ? std::optional(number)
                                                                : std::nullopt;
}

/// Ex. `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7, the one form that is still sent).
std::optional<Instant> date_in(std::string_view text) {
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::size_t length = 29;
    if (text.size() != length || !text.ends_with(" GMT") || text.substr(3, 2) != ", ") {
        return std::nullopt;
    }
    const auto* const month = std::ranges::find(months, text.substr(8, 3));
    const auto day = number_in<int>(text.substr(5, 2));
    const auto year = number_in<int>(text.substr(12, 4));
    const auto hour = number_in<int>(text.substr(17, 2));
    const auto minute = number_in<int>(text.substr(20, 2));
    const auto second = number_in<int>(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second) {
        return std::nullopt;
    }
    const CivilDate date{
        .year = *year, .month = static_cast<int>(month - months.begin()) + 1, .day = *day};
    constexpr std::int64_t day_seconds = 86'400;
    return Instant{
        (days_from_civil(date) * day_seconds + *hour * 3600LL + *minute * 60LL + *second) * 1000};
}

Duration jittered(Duration wait, double chance) {
    const double factor = 1.0 - jitter + 2.0 * jitter * chance;
    return Duration{static_cast<std::int64_t>(static_cast<double>(wait.milliseconds) * factor)};
}

}  // namespace

std::optional<std::string_view> find_line(const std::vector<std::string>& lines,
                                          std::string_view name) {
    for (const std::string_view line : lines) {
        const std::size_t colon = std::min(line.find(':'), line.size());
        if (equals_ignoring_case(line.substr(0, colon), name)) {
            return trim(line.substr(std::min(colon + 1, line.size())));
        }
    }
    return std::nullopt;
}

std::optional<Duration> read_retry_after(std::string_view text, Instant now) {
    std::optional<Duration> wait;
    if (const auto seconds = number_in<std::uint32_t>(text)) {
        wait = Duration{std::int64_t{*seconds} * 1000};
    } else if (const auto date = date_in(text)) {
        wait = std::max(*date - now, Duration{0});
    }
    return wait ? std::optional(std::min(*wait, retry_after_max)) : std::nullopt;
}

Verdict judge(DeliveryProgress before, const Attempted& attempted) {
    const Reply& reply = attempted.reply;
    Verdict verdict{.progress = before};
    DeliveryProgress& progress = verdict.progress;
    ++progress.attempt_count;
    ++progress.round_attempts;
    if (reply.is_success()) {
        progress.status = DeliveryStatus::delivered;
        progress.ended_at = attempted.now;
        return verdict;
    }
    verdict.is_gone = reply.status == gone;
    const auto asked = find_line(reply.headers, "Retry-After");
    const auto retry_after = asked ? read_retry_after(*asked, attempted.now) : std::nullopt;
    const bool is_overloaded = reply.status == too_many_requests || reply.status == unavailable;
    if (retry_after && is_overloaded) {
        verdict.hold_until = attempted.now + *retry_after;
    }
    const auto delay = retry_delay(progress.round_attempts);
    if (!delay) {
        progress.status = DeliveryStatus::failed;
        progress.ended_at = attempted.now;
        return verdict;
    }
    progress.next_at = attempted.now + std::max(jittered(*delay, attempted.chance),
                                                retry_after.value_or(Duration{}));
    return verdict;
}

}  // namespace sillage::server
