#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/http/router.hpp"
#include "server/routes/services.hpp"

// What is settled before a request has its turn at the engine: whose token it brings, whether its
// account may ask for more, and whether the key it brings is free.

namespace sillage::server {

struct Route;

/// Names the account in whose place the caller acts.
inline constexpr std::string_view behalf_header = "Sillage-On-Behalf-Of";

/// A request that was let in, as long as it is served.
struct Arrival {
    const Services& services;
    const Route& route;
    Request& request;
    /// Of an open route's: none.
    Credential credential = {};
    /// Under which its answer is kept; nothing: it has no key, or no answer of it is kept.
    std::optional<Repeat> repeat = {};
    /// Among those of its account, and on that key.
    Allowances::Place place = {};
    RunningKeys::Claim claim = {};
};

/// Completes the arrival, on the caller's own thread as far as the token is known there. What is
/// refused here costs the engine nothing. The answer will say what is left of the allowance.
/// Errors: unavailable: the engine has no room; unauthenticated; too_many_requests;
/// invalid_argument: the key; in_progress,
///         idempotency_mismatch: the key's first request still runs.
[[nodiscard]] net::awaitable<Result<void>> let_in(Arrival& arrival);

/// The key under which an answer is kept; nothing without the header.
[[nodiscard]] std::optional<Repeat> repeat_of(const Request& request, const Account& account);

}  // namespace sillage::server
