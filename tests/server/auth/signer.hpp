#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/auth/key_set.hpp"

namespace sillage::test {

/// A provider's private key, made when it is asked for.
class Signer {
  public:
    Signer(server::SignatureAlgorithm algorithm, std::string kid);

    /// The public half as a JWK.
    [[nodiscard]] std::string jwk() const;
    /// Signs `header.payload`, both JSON texts, as a compact JWS.
    [[nodiscard]] std::string sign(std::string_view header, std::string_view payload) const;
    /// Ex. `{"alg":"ES256","kid":"k1","typ":"JWT"}`.
    [[nodiscard]] std::string header() const;

  private:
    [[nodiscard]] std::string signature_of(const std::string& bytes) const;

    server::SignatureAlgorithm algorithm_;
    std::string kid_;
    std::shared_ptr<evp_pkey_st> key_;
};

/// `{"keys":[…]}`.
[[nodiscard]] std::string key_set_of(const std::string& jwks);

}  // namespace sillage::test
