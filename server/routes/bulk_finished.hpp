#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "server/routes/visit.hpp"

namespace sillage::server {

namespace net = boost::asio;

/// One event was sent to many members of a cohort, and all is done that can be.
struct BulkFinished {
    std::string cohort = {};
    std::string event = {};
    /// When it was asked for; the same when it is asked for again.
    Instant at = {};
    /// How many members it came to, by outcome.
    boost::json::object counts = {};
};

/// Tells webhooks whose accounts may read the cohort, by `sillage.cohort.bulk_finished`: in the
/// outbox once this returns. Asked for again with the same Idempotency-Key it is the same event.
[[nodiscard]] net::awaitable<Result<void>> tell_bulk_finished(const Visit& visit,
                                                              std::optional<Repeat> repeat,
                                                              BulkFinished finished);

}  // namespace sillage::server
