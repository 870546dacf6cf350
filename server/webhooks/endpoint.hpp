#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/hooks/subscription.hpp"
#include "server/webhooks/connection.hpp"
#include "server/webhooks/lanes.hpp"

// What is known of one webhook and of one host while the server runs.

namespace sillage::server {

/// Attempts under way at one host, and so at one webhook. Published: threats TM13.
inline constexpr std::size_t host_attempts_max = 8;
/// Deliveries of one webhook that are held in memory; what else waits is in the book alone.
/// Chosen: some megabytes, and seconds of the quickest receiver.
inline constexpr std::size_t held_max = 2'000;
inline constexpr std::size_t held_bytes_max = 8UL * 1024UL * 1024UL;
/// Failures in a row after which a webhook is only probed: one attempt at a time, and one a second,
/// until one succeeds. Chosen: below the ten attempts of a single delivery.
inline constexpr std::uint32_t failures_before_probing = 8;
inline constexpr Duration probe_pause{1'000};

/// A webhook that messages are sent to.
struct Endpoint {
    Subscription subscription = {};
    /// Nothing: its URL is none that is called.
    std::optional<Target> target = {};
    std::vector<SignatureKey> keys = {};
    /// When the keys are to be looked at anew: a secret ends.
    std::optional<Instant> keys_end = {};

    Lanes lanes = {};
    std::vector<ConnectionPointer> idle = {};

    std::size_t under_way = 0;
    /// Attempts that may be under way: one more with every success, and one after a failure.
    std::size_t under_way_max = 1;
    std::uint32_t failures_in_a_row = 0;
    std::optional<Instant> failing_since = {};
    Instant hold_until = {};
    /// Its record is being changed: nothing is sent until that is known.
    bool is_stopped = false;

    /// The book has pending deliveries that are not held here, with numbers above `loaded_to` or
    /// put back among those below.
    bool has_more = true;
    bool is_loading = false;
    std::uint64_t loaded_to = 0;
    /// Those that ended while the book is read, which may still say that they wait.
    std::set<std::uint64_t> settled = {};

    /// That one waits in the book alone.
    void leave_to_book(std::uint64_t number) {
        has_more = true;
        loaded_to = std::min(loaded_to, number - 1);
    }

    [[nodiscard]] bool is_active() const {
        return subscription.is_active() && target && !is_stopped;
    }
    [[nodiscard]] bool takes_more() const {
        return is_active() && !has_more && !is_loading && has_room();
    }
    [[nodiscard]] bool has_room() const {
        return lanes.size() < held_max && lanes.byte_count() < held_bytes_max;
    }
    /// When it can send next; nothing: it has nothing to send, or all that it may is under way.
    [[nodiscard]] std::optional<Instant> next_due() const {
        const auto due = lanes.next_due();
        if (!due || !is_active() || under_way >= under_way_max) {
            return std::nullopt;
        }
        return std::max(*due, hold_until);
    }
};

using EndpointPointer = std::shared_ptr<Endpoint>;

}  // namespace sillage::server
