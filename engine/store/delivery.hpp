#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"

// What is known of messages on their way to webhooks. The messages themselves follow from the log;
// what is kept here is how far the log was read, and what became of each.

namespace sillage {

enum class DeliveryStatus { pending, delivered, failed };

/// How far a delivery has come.
struct DeliveryProgress {
    std::uint64_t number = 0;
    DeliveryStatus status = DeliveryStatus::pending;
    /// In all.
    std::uint32_t attempt_count = 0;
    /// Of the round of retries that it is in: asked for again, it begins another.
    std::uint32_t round_attempts = 0;
    /// Of a pending one: not before that.
    Instant next_at = {};
    /// Of one that is over.
    std::optional<Instant> ended_at = {};

    bool operator==(const DeliveryProgress&) const = default;
};

/// A message for one webhook. What is sent was settled once: attempts differ in their time and
/// signature alone.
struct Delivery {
    /// `number`: 1, 2, 3 … over all webhooks, in the order of the log.
    DeliveryProgress progress = {};
    std::string webhook = {};
    /// `webhook-id`, the event's: the same for every webhook that is told of it.
    std::string event = {};
    std::string type = {};
    /// Whose messages go out one after the other; empty: it waits for none.
    std::string instance = {};
    Instant created_at = {};
    /// Its own header fields, whole lines without their ends.
    std::vector<std::string> headers = {};
    std::string body = {};

    bool operator==(const Delivery&) const = default;
};

/// Where an attempt's time went; nothing: it did not come to that, or a connection lay ready.
struct AttemptTimes {
    std::optional<Duration> name_lookup = {};
    std::optional<Duration> connect = {};
    std::optional<Duration> tls = {};
    /// From the request's last byte to the answer's head.
    std::optional<Duration> wait = {};

    bool operator==(const AttemptTimes&) const = default;
};

/// One attempt, and what came of it.
struct DeliveryAttempt {
    std::uint64_t delivery = 0;
    /// 1, 2, 3 …
    std::uint32_t attempt = 0;
    Instant at = {};
    Duration took = {};
    AttemptTimes times = {};
    /// Of the answer; 0: there was none, and `failure` says why.
    int status = 0;
    std::string failure = {};
    /// `webhook-signature` as it was sent.
    std::string signature = {};
    std::vector<std::string> answer_headers = {};
    /// Its beginning.
    std::string answer = {};

    bool operator==(const DeliveryAttempt&) const = default;
};

/// Since when every attempt for a webhook has failed; nothing: the last one did not.
struct DeliveryHealth {
    std::string webhook = {};
    std::optional<Instant> failing_since = {};

    bool operator==(const DeliveryHealth&) const = default;
};

/// What becomes durable together.
struct DeliveryBatch {
    std::vector<Delivery> added = {};
    std::vector<DeliveryProgress> changed = {};
    std::vector<DeliveryAttempt> attempts = {};
    std::vector<DeliveryHealth> health = {};
    /// How far the log was read.
    std::optional<std::uint64_t> position = {};

    [[nodiscard]] bool empty() const {
        return added.empty() && changed.empty() && attempts.empty() && health.empty() && !position;
    }
};

/// Which deliveries of a webhook a list shows; all set members must hold.
struct DeliveryFilter {
    std::string webhook = {};
    std::optional<DeliveryStatus> status = {};
    std::string type = {};
    std::string instance = {};
    std::string event = {};
    /// By `created_at`: from `since` on, before `until`.
    std::optional<Instant> since = {};
    std::optional<Instant> until = {};
    /// Of `deliveries` those with a smaller number, the latest first (0: from the latest on); of
    /// `numbers` those with a greater one, the oldest first.
    std::uint64_t after = 0;
    std::size_t limit = 50;
};

/// How far the book goes.
struct DeliveryHead {
    std::uint64_t position = 0;
    std::uint64_t number = 0;  ///< of the last delivery
    bool is_new = false;       ///< nothing was ever written to it

    bool operator==(const DeliveryHead&) const = default;
};

/// The door to what is kept of deliveries. Used by one thread.
/// Errors of every function: storage_full: nothing is kept; storage_failed, corrupt.
class DeliveryBook {
  public:
    virtual ~DeliveryBook() = default;

    virtual Result<DeliveryHead> head() = 0;
    /// Durable once it returns without error.
    virtual Result<void> write(const DeliveryBatch& batch) = 0;
    /// Of one webhook, those with a greater number, in order of number: as many as the limit lets
    /// through, and fewer when they are large; none: there are no more.
    virtual Result<std::vector<Delivery>> pending(std::string_view webhook, std::uint64_t after,
                                                  std::size_t limit) = 0;
    virtual Result<std::optional<Instant>> failing_since(std::string_view webhook) = 0;
    virtual Result<std::optional<Delivery>> delivery(std::uint64_t number) = 0;
    virtual Result<std::vector<Delivery>> deliveries(const DeliveryFilter& filter) = 0;
    /// The same without what they hold, the oldest first.
    virtual Result<std::vector<std::uint64_t>> numbers(const DeliveryFilter& filter) = 0;
    virtual Result<std::vector<DeliveryAttempt>> attempts(std::uint64_t number) = 0;
    /// Ends what is pending for a webhook that is no more.
    virtual Result<void> give_up(std::string_view webhook, Instant at) = 0;
    /// Drops the oldest deliveries as far as they are over, or were made, before that, with their
    /// attempts; at most `limit`. How many that were.
    virtual Result<std::size_t> prune(Instant before, std::size_t limit) = 0;
};

}  // namespace sillage
