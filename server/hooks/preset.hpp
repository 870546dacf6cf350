#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"

// How other systems sign what they send us.

namespace sillage::server {

enum class Scheme {
    standard,  ///< Standard Webhooks 1.0.0
    github,    ///< `X-Hub-Signature-256: sha256=…` of the body alone
    stripe,    ///< `Stripe-Signature: t=…,v1=…`
};

/// `standard`, `github`, `stripe`.
[[nodiscard]] std::string_view name_of(Scheme scheme);
[[nodiscard]] std::optional<Scheme> scheme_named(std::string_view name);

/// The first field of that name, or nothing.
using LookUpHeader = std::function<std::optional<std::string_view>(std::string_view)>;

/// A message as it came in.
struct Arrived {
    LookUpHeader header = {};
    /// Byte for byte.
    std::string_view body = {};
    Instant now = {};
};

/// Whether the secret can be one of that scheme: a key of Standard Webhooks, or for the others a
/// text of 16 characters and more. Errors: invalid_argument.
[[nodiscard]] Result<void> check_secret(Scheme scheme, std::string_view secret);

/// What names the message, and is the same when it comes again; only what was signed counts. Of
/// GitHub, whose id is not signed, the body's hash.
/// Errors: unauthenticated: no signature of one of the secrets, or too old.
[[nodiscard]] Result<std::string> verified_id(Scheme scheme,
                                              const std::vector<std::string>& secrets,
                                              const Arrived& message);

}  // namespace sillage::server
