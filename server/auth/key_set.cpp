#include "server/auth/key_set.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <set>

#include "engine/base/json.hpp"
#include "server/auth/base64url.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// NIST SP 800-131A asks for 2,048 at least; more than 8,192 only costs time.
constexpr int modulus_bits_min = 2048;
constexpr int modulus_bits_max = 8192;
/// Of P-256 and Ed25519.
constexpr std::size_t coordinate_bytes = 32;

template <class Thing, void (*destroy)(Thing*)>
struct Deleter {
    void operator()(Thing* thing) const { destroy(thing); }
};
template <class Thing, void (*destroy)(Thing*)>
using Owned = std::unique_ptr<Thing, Deleter<Thing, destroy>>;
using OwnedContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedNumber = Owned<BIGNUM, BN_free>;
using OwnedBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using OwnedParameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using OwnedSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;
using OwnedDigest = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using KeyPointer = std::shared_ptr<EVP_PKEY>;

const unsigned char* bytes_of(std::string_view text) {
    const void* generic = text.data();
    return static_cast<const unsigned char*>(generic);
}

OwnedNumber number_of(std::string_view bytes) {
    return OwnedNumber(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

/// The text of a member; nothing when it is none.
std::optional<std::string> text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::optional(std::string(value->get_string()))
                                                  : std::nullopt;
}

/// The bytes of a member in base64url, empty when it is none.
std::string bytes_in(const json::object& object, std::string_view name) {
    return from_base64url(text_in(object, name).value_or("")).value_or("");
}

KeyPointer key_of(const char* type, OSSL_PARAM_BLD* builder) {
    const OwnedParameters parameters(OSSL_PARAM_BLD_to_param(builder));
    const OwnedContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
        return nullptr;
    }
    KeyPointer owned(key, EVP_PKEY_free);
    const OwnedContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    return check && EVP_PKEY_public_check(check.get()) == 1 ? owned : nullptr;
}

KeyPointer rsa_key(const json::object& jwk) {
    const OwnedNumber modulus = number_of(bytes_in(jwk, "n"));
    const OwnedNumber exponent = number_of(bytes_in(jwk, "e"));
    const int bits = modulus ? BN_num_bits(modulus.get()) : 0;
    if (bits < modulus_bits_min || bits > modulus_bits_max || !exponent ||
        BN_is_odd(exponent.get()) == 0 || BN_is_one(exponent.get()) != 0 ||
        BN_num_bits(exponent.get()) > 64) {
        return nullptr;
    }
    const OwnedBuilder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    return key_of("RSA", builder.get());
}

KeyPointer p256_key(const json::object& jwk) {
    const std::string x = bytes_in(jwk, "x");
    const std::string y = bytes_in(jwk, "y");
    if (x.size() != coordinate_bytes || y.size() != coordinate_bytes) {
        return nullptr;
    }
    const std::string point = "\x04" + x + y;  // uncompressed; SEC 1, 2.3.3
    const OwnedBuilder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                     point.size());
    return key_of("EC", builder.get());
}

KeyPointer ed25519_key(const json::object& jwk) {
    const std::string x = bytes_in(jwk, "x");
    if (x.size() != coordinate_bytes) {
        return nullptr;
    }
    return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()),
            EVP_PKEY_free};
}

/// Null: it is none that signs ID tokens.
PublicKey read_key(const json::object& jwk) {
    const std::string kind = text_in(jwk, "kty").value_or("");
    const std::string curve = text_in(jwk, "crv").value_or("");
    PublicKey key;
    if (kind == "RSA") {
        key = {SignatureAlgorithm::rs256, rsa_key(jwk)};
    } else if (kind == "EC" && curve == "P-256") {
        key = {SignatureAlgorithm::es256, p256_key(jwk)};
    } else if (kind == "OKP" && curve == "Ed25519") {
        key = {SignatureAlgorithm::eddsa, ed25519_key(jwk)};
    }
    const auto algorithm = text_in(jwk, "alg");
    const bool is_other_use = text_in(jwk, "use").value_or("sig") != "sig" ||
                              (algorithm && algorithm_named(*algorithm) != key.algorithm);
    return is_other_use ? PublicKey{} : key;
}

/// r and s of the same length as DER has them; empty when they cannot be. RFC 7518, 3.4.
std::string der_signature(std::string_view signature) {
    if (signature.size() != 2 * coordinate_bytes) {
        return {};
    }
    const OwnedSignature pair(ECDSA_SIG_new());
    OwnedNumber r = number_of(signature.substr(0, coordinate_bytes));
    OwnedNumber s = number_of(signature.substr(coordinate_bytes));
    if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) {
        return {};
    }
    static_cast<void>(r.release());  // the pair has them now
    static_cast<void>(s.release());
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &der);
    const void* generic = der;
    std::string text(static_cast<const char*>(generic),
                     size > 0 ? static_cast<std::size_t>(size) : 0);
    OPENSSL_free(der);
    return text;
}

}  // namespace

std::optional<SignatureAlgorithm> algorithm_named(std::string_view name) {
    return name == "RS256"   ? std::optional(SignatureAlgorithm::rs256)
           : name == "ES256" ? std::optional(SignatureAlgorithm::es256)
           : name == "EdDSA" ? std::optional(SignatureAlgorithm::eddsa)
                             : std::nullopt;
}

bool PublicKey::has_signed(std::string_view bytes, std::string_view signature) const {
    const bool is_pair = algorithm == SignatureAlgorithm::es256;
    const std::string der = is_pair ? der_signature(signature) : std::string(signature);
    const EVP_MD* const digest = algorithm == SignatureAlgorithm::eddsa ? nullptr : EVP_sha256();
    const OwnedDigest context(EVP_MD_CTX_new());
    return context && !der.empty() &&
           EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(der), der.size(), bytes_of(bytes),
                            bytes.size()) == 1;
}

Result<KeySet> KeySet::read(std::string_view text) {
    const Error none{.code = ErrorCode::malformed, .message = "The keys are no JWKS."};
    if (text.size() > key_set_bytes_max) {
        return none;
    }
    SILLAGE_TRY(const auto value, parse_json(text));
    const json::value* list = value.is_object() ? value.get_object().if_contains("keys") : nullptr;
    if (list == nullptr || !list->is_array() || list->get_array().size() > keys_max) {
        return none;
    }
    KeySet set;
    std::set<std::string> names;
    for (const json::value& item : list->get_array()) {
        if (!item.is_object()) {
            continue;
        }
        const std::string position = '\0' + std::to_string(names.size());
        const std::string name = text_in(item.get_object(), "kid").value_or(position);
        PublicKey key = read_key(item.get_object());
        if (!names.insert(name).second) {
            set.keys_.erase(name);
        } else if (key.key != nullptr) {
            set.keys_.emplace(name, std::move(key));
        }
    }
    return set;
}

const PublicKey* KeySet::find(const std::optional<std::string>& kid,
                              SignatureAlgorithm algorithm) const {
    if (kid) {
        const auto found = keys_.find(*kid);
        return found != keys_.end() && found->second.algorithm == algorithm ? &found->second
                                                                            : nullptr;
    }
    const PublicKey* only = nullptr;
    for (const auto& [name, key] : keys_) {
        if (key.algorithm == algorithm) {
            if (only != nullptr) {
                return nullptr;
            }
            only = &key;
        }
    }
    return only;
}

}  // namespace sillage::server
