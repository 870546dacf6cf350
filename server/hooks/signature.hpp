#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"

// Signatures of messages. Source: Standard Webhooks 1.0.0. Threats TM10, TM11.

namespace sillage::server {

/// Random bytes of a secret that this server makes. Specified: 24 to 64.
inline constexpr std::size_t secret_bytes = 32;

/// How far a message's timestamp may lie from now. Specified for receivers: five minutes.
inline constexpr Duration timestamp_tolerance{5LL * 60 * 1000};

/// What is signed: `{id}.{timestamp}.{body}`, the body byte for byte as it is sent.
struct SignedMessage {
    std::string_view id = {};
    /// Seconds since 1970, of the attempt.
    std::string_view timestamp = {};
    std::string_view body = {};
};

/// A secret or key, read once, for many messages. For one thread at a time.
class SignatureKey {
  public:
    /// `whsec_` and base64 of 24 to 64 bytes: HMAC-SHA256, `v1`. `whsk_` and base64 of an ed25519
    /// seed, alone or with its public key behind it: `v1a`. `whpk_` and base64 of an ed25519 public
    /// key: verifies only. Errors: invalid_argument: none of them.
    [[nodiscard]] static Result<SignatureKey> read(std::string_view text);

    /// Ex. `v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=`. Not of a `whpk_`.
    [[nodiscard]] std::string sign(const SignedMessage& message) const;

    /// Whether one signature, `v1,…` or `v1a,…`, is the message's by this key. Takes as long for a
    /// wrong one as for a right one.
    [[nodiscard]] bool verifies(const SignedMessage& message, std::string_view signature) const;

  private:
    struct Material;
    std::shared_ptr<const Material> material_;
};

/// `whsec_…` of these bytes.
[[nodiscard]] std::string new_secret(std::span<const std::uint8_t, secret_bytes> bytes);

/// A pair of ed25519 keys as text: `whsk_…` and `whpk_…`.
struct KeyPair {
    std::string secret = {};
    std::string open = {};
};
[[nodiscard]] KeyPair key_pair(std::span<const std::uint8_t, secret_bytes> seed);

/// HMAC-SHA256, 32 bytes. Source: FIPS 198-1.
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// Whether both are the same; the time it takes tells nothing but their length.
[[nodiscard]] bool equals_in_constant_time(std::string_view left, std::string_view right);

/// The value of `webhook-signature`: every key's signature, blanks between.
[[nodiscard]] std::string signature_header(std::span<const SignatureKey> keys,
                                           const SignedMessage& message);

/// Errors: unauthenticated: no signature in the header is the message's by one of the keys, the
///         timestamp is none, or it lies too far from now.
[[nodiscard]] Result<void> check_signature(std::span<const SignatureKey> keys,
                                           const SignedMessage& message, std::string_view header,
                                           Instant now);

/// Errors: unauthenticated: not seconds since 1970, or further from now than the tolerance.
[[nodiscard]] Result<void> check_timestamp(std::string_view seconds, Instant now);

}  // namespace sillage::server
