#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace sillage::server {

/// The signatures that are known; no other is ever checked, `none` least of all. Source: RFC 7518,
/// 3.3 and 3.4; RFC 8037, 3.1.
enum class SignatureAlgorithm { rs256, es256, eddsa };

/// `RS256`, `ES256`, `EdDSA`; nothing for every other name.
[[nodiscard]] std::optional<SignatureAlgorithm> algorithm_named(std::string_view name);

/// A public key and the one algorithm that it is for: what a token says of its own algorithm never
/// chooses how the key is used.
struct PublicKey {
    SignatureAlgorithm algorithm = SignatureAlgorithm::rs256;
    std::shared_ptr<evp_pkey_st> key = nullptr;

    /// Whether it signed those bytes. `signature` is as JWS has it (RFC 7518, 3.4: r and s).
    [[nodiscard]] bool has_signed(std::string_view bytes, std::string_view signature) const;
};

/// Keys in a set, and the bytes of one: a provider has a handful.
inline constexpr std::size_t keys_max = 64;
inline constexpr std::size_t key_set_bytes_max = 256UL * 1024UL;

/// A provider's public keys (JWKS, RFC 7517), by their `kid`, which is a name and nothing else.
class KeySet {
  public:
    /// Keys for other uses, of other kinds, or that are no keys are left out: an RSA modulus of
    /// other than 2,048 to 8,192 bits, a point that is not on its curve, two of one `kid`.
    /// Errors: malformed: no JWKS, or too large.
    [[nodiscard]] static Result<KeySet> read(std::string_view text);

    /// The key of that name and algorithm; without a name the only one of the algorithm. Null:
    /// there is none.
    [[nodiscard]] const PublicKey* find(const std::optional<std::string>& kid,
                                        SignatureAlgorithm algorithm) const;
    /// Whether some key has that name.
    [[nodiscard]] bool has(const std::string& kid) const { return keys_.contains(kid); }
    [[nodiscard]] std::size_t size() const { return keys_.size(); }

  private:
    /// Those without a name are called by their position, with a NUL in front.
    std::map<std::string, PublicKey, std::less<>> keys_;
};

}  // namespace sillage::server
