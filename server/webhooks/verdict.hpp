#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/store/delivery.hpp"

// What an answer means, and when the next attempt is due. Source: Standard Webhooks 1.0.0, retries.

namespace sillage::server {

/// What came of an attempt. Status 0: no answer came, and `failure` says why.
struct Reply {
    int status = 0;
    std::string failure = {};
    /// Whole lines.
    std::vector<std::string> headers = {};
    /// The beginning of the answer's body.
    std::string body = {};
    AttemptTimes times = {};
    /// The connection may carry another request.
    bool is_reusable = false;

    [[nodiscard]] bool is_success() const {
        return failure.empty() && status >= 200 && status < 300;
    }
};

/// What follows from an attempt.
struct Verdict {
    DeliveryProgress progress = {};
    /// 410: the receiver is not there any more.
    bool is_gone = false;
    /// Nothing at all is to be sent there before that.
    std::optional<Instant> hold_until = {};
};

/// An attempt, and when it ended.
struct Attempted {
    const Reply& reply;
    Instant now = {};
    /// By chance, 0 to 1: how long the next wait is within its bounds.
    double chance = 0.5;
};

/// Waits between attempts are longer or shorter by a fifth, by chance, so that what failed together
/// is not tried together.
inline constexpr double jitter = 0.2;
/// The longest wait that a receiver can ask for.
inline constexpr Duration retry_after_max{24LL * 60 * 60 * 1000};

[[nodiscard]] Verdict judge(DeliveryProgress before, const Attempted& attempted);

/// How long a `Retry-After` asks to wait: seconds, or a date (RFC 9110, 10.2.3); at most
/// retry_after_max. Nothing: it is neither.
[[nodiscard]] std::optional<Duration> read_retry_after(std::string_view text, Instant now);

/// The value of the first line of that name, or nothing. Lives as long as the lines.
[[nodiscard]] std::optional<std::string_view> find_line(const std::vector<std::string>& lines,
                                                        std::string_view name);

}  // namespace sillage::server
