#include "tests/server/auth/signer.hpp"

#include <doctest/doctest.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <array>
#include <vector>

#include "server/auth/base64url.hpp"

namespace sillage::test {

namespace {

using server::SignatureAlgorithm;
using server::to_base64url;

std::string text_of(const std::vector<unsigned char>& bytes) {
    return {bytes.begin(), bytes.end()};
}

/// A number of the key as bytes, with at least so many.
std::string number(EVP_PKEY* key, const char* name, std::size_t size) {
    BIGNUM* value = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(key, name, &value) == 1);
    std::vector<unsigned char> bytes(std::max(size, static_cast<std::size_t>(BN_num_bytes(value))));
    BN_bn2binpad(value, bytes.data(), static_cast<int>(bytes.size()));
    BN_free(value);
    return to_base64url(text_of(bytes));
}

EVP_PKEY* make_key(SignatureAlgorithm algorithm) {
    switch (algorithm) {
        case SignatureAlgorithm::rs256:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
        case SignatureAlgorithm::es256:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
        case SignatureAlgorithm::eddsa:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    }
    return nullptr;
}

/// What JWS has of a signature that OpenSSL gives in DER.
std::string pair_of(const std::vector<unsigned char>& der) {
    const unsigned char* at = der.data();
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    REQUIRE(signature != nullptr);
    std::vector<unsigned char> bytes(64);
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes.data() + 32, 32);
    ECDSA_SIG_free(signature);
    return text_of(bytes);
}

}  // namespace

Signer::Signer(SignatureAlgorithm algorithm, std::string kid)
    : algorithm_(algorithm), kid_(std::move(kid)), key_(make_key(algorithm), EVP_PKEY_free) {
    REQUIRE(key_ != nullptr);
}

std::string Signer::jwk() const {
    const std::string start = R"({"kid":")" + kid_ + R"(","use":"sig",)";
    switch (algorithm_) {
        case SignatureAlgorithm::rs256:
            return start + R"("kty":"RSA","n":")" + number(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0) +
                   R"(","e":")" + number(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0) + R"("})";
        case SignatureAlgorithm::es256:
            return start + R"("kty":"EC","crv":"P-256","x":")" +
                   number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32) + R"(","y":")" +
                   number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32) + R"("})";
        case SignatureAlgorithm::eddsa:
            break;
    }
    std::vector<unsigned char> raw(32);
    std::size_t size = raw.size();
    REQUIRE(EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size) == 1);
    return start + R"("kty":"OKP","crv":"Ed25519","x":")" + to_base64url(text_of(raw)) + R"("})";
}

std::string Signer::signature_of(const std::string& bytes) const {
    const EVP_MD* digest = algorithm_ == SignatureAlgorithm::eddsa ? nullptr : EVP_sha256();
    const std::vector<unsigned char> message(bytes.begin(), bytes.end());
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
    std::size_t size = 0;
    REQUIRE(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1);
    REQUIRE(EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) == 1);
    std::vector<unsigned char> signature(size);
    REQUIRE(EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                           message.size()) == 1);
    signature.resize(size);
    return algorithm_ == SignatureAlgorithm::es256 ? pair_of(signature) : text_of(signature);
}

std::string Signer::sign(std::string_view header, std::string_view payload) const {
    const std::string bytes = to_base64url(header) + "." + to_base64url(payload);
    return bytes + "." + to_base64url(signature_of(bytes));
}

std::string Signer::header() const {
    const std::string name = algorithm_ == SignatureAlgorithm::rs256   ? "RS256"
                             : algorithm_ == SignatureAlgorithm::es256 ? "ES256"
                                                                       : "EdDSA";
    return R"({"alg":")" + name + R"(","kid":")" + kid_ + R"(","typ":"JWT"})";
}

std::string key_set_of(const std::string& jwks) { return R"({"keys":[)" + jwks + "]}"; }

}  // namespace sillage::test
