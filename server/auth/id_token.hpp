#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/instant.hpp"
#include "server/auth/key_set.hpp"

// ID tokens: what a provider says of who signed in there (OpenID Connect Core, 3.1.3.7). A token
// is believed for its signature by one of the provider's own keys, and for nothing that it brings
// along: a header that points to keys or carries one is refused.

namespace sillage::server {

/// Longest ID token that is looked at: they are below 4 KiB as a rule.
inline constexpr std::size_t id_token_bytes_max = 32UL * 1024UL;
/// By so much clocks may differ. Source: threats TM5.
inline constexpr Duration clock_skew_max{60'000};

/// What a token must say.
struct IdTokenTerms {
    std::string issuer = {};
    std::string client_id = {};
    std::string nonce = {};
    Instant now = {};
};

/// What it says of a person.
struct Identity {
    std::string issuer = {};
    std::string subject = {};  ///< the provider's own id, unique there and never given anew
    /// In lower case; empty unless the provider has verified it.
    std::string email = {};

    bool operator==(const Identity&) const = default;
};

/// The `kid` of its header, to know whether the keys are known; nothing: it has none, or is no
/// token.
[[nodiscard]] std::optional<std::string> kid_of(std::string_view token);

/// Errors: unauthenticated, naming what is wrong and nothing of the token.
[[nodiscard]] Result<Identity> verify_id_token(std::string_view token, const KeySet& keys,
                                               const IdTokenTerms& terms);

}  // namespace sillage::server
