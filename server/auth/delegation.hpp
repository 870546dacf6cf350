#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "server/auth/account.hpp"

// One account acts in another's place: for a while, for a reason, and both are written down. What
// is lent is the other's bindings as they are then; an administrator's are never lent, and what was
// lent to somebody cannot be lent on.

namespace sillage::server {

/// How long a delegation may last. Chosen: as long as a token; a longer absence is a new binding.
inline constexpr Duration delegation_max{366LL * 24 * 60 * 60 * 1'000};

struct Delegation {
    std::string id = {};
    /// Account ids: whose place it is, and who may act there.
    std::string from = {};
    std::string to = {};
    /// The roles that are lent; empty: all but `admin`.
    std::vector<std::string> roles = {};
    /// Where; an empty one is wherever the roles hold.
    Scope scope = {};
    /// In force from the first instant to before the second.
    Instant starts_at = {};
    Instant ends_at = {};
    std::string reason = {};
    bool revoked = false;
};

/// Reads what a record of that kind holds.
[[nodiscard]] Delegation delegation_of(const Record& record);

/// What the record is looked up by until it is revoked: one pair has one delegation at a time.
[[nodiscard]] std::string delegation_lookup(std::string_view from, std::string_view to);

[[nodiscard]] bool is_in_force(const Delegation& delegation, Instant now);

/// The delegate as it acts in the other's place.
[[nodiscard]] Account in_place_of(const Account& delegate, const Account& principal,
                                  const Delegation& delegation);

}  // namespace sillage::server
