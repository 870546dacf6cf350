#include "server/hooks/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <charconv>
#include <optional>

#include "engine/base/assert.hpp"
#include "server/hooks/base64.hpp"

namespace sillage::server {
namespace {

template <auto free>
struct Free {
    void operator()(auto* thing) const { free(thing); }
};
using Mac = std::unique_ptr<EVP_MAC, Free<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, Free<EVP_MAC_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;

constexpr std::size_t digest_bytes = 32;
constexpr std::size_t ed25519_bytes = 32;
constexpr std::size_t ed25519_signature_bytes = 64;
/// Specified: of a `whsec_`.
constexpr std::size_t secret_bytes_min = 24;
constexpr std::size_t secret_bytes_max = 64;

constexpr std::string_view symmetric = "v1,";
constexpr std::string_view asymmetric = "v1a,";

const unsigned char* bytes_of(std::string_view text) {
    const void* const generic = text.data();
    return static_cast<const unsigned char*>(generic);
}

std::string text_of(std::span<const unsigned char> bytes) { return {bytes.begin(), bytes.end()}; }

/// HMAC-SHA256 under that key, before its first byte: making one costs more than to sign a
/// kilobyte.
MacContext mac_under(std::string_view key) {
    const Mac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    SILLAGE_ASSERT(mac != nullptr);
    MacContext context(EVP_MAC_CTX_new(mac.get()));
    std::array<char, 7> digest{"SHA256"};
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0), OSSL_PARAM_construct_end()};
    const bool is_ready =
        EVP_MAC_init(context.get(), bytes_of(key), key.size(), parameters.data()) == 1;
    SILLAGE_ASSERT(is_ready);
    return context;
}

std::string finish_mac(EVP_MAC_CTX* context) {
    std::array<unsigned char, digest_bytes> digest{};
    std::size_t length = 0;
    const bool is_done = EVP_MAC_final(context, digest.data(), &length, digest.size()) == 1 &&
                         length == digest.size();
    SILLAGE_ASSERT(is_done);
    return text_of(digest);
}

void add(EVP_MAC_CTX* context, std::string_view bytes) {
    const bool is_done = EVP_MAC_update(context, bytes_of(bytes), bytes.size()) == 1;
    SILLAGE_ASSERT(is_done);
}

std::string content_of(const SignedMessage& message) {
    std::string content;
    content.reserve(message.id.size() + message.timestamp.size() + message.body.size() + 2);
    content.append(message.id).append(".").append(message.timestamp).append(".");
    return content.append(message.body);
}

Error not_a_key() {
    return Error{.code = ErrorCode::invalid_argument,
                 .message =
                     "A secret is whsec_ and base64 of 24 to 64 bytes; a key is whsk_ or "
                     "whpk_ and base64 of an ed25519 key."};
}

Error refused(std::string message) {
    return Error{.code = ErrorCode::unauthenticated, .message = std::move(message)};
}

}  // namespace

struct SignatureKey::Material {
    MacContext mac = nullptr;  ///< of a secret
    Key key = nullptr;         ///< of ed25519
    bool can_sign = true;

    [[nodiscard]] std::string mac_of(const SignedMessage& message) const {
        const MacContext context(EVP_MAC_CTX_dup(mac.get()));
        SILLAGE_ASSERT(context != nullptr);
        add(context.get(), message.id);
        add(context.get(), ".");
        add(context.get(), message.timestamp);
        add(context.get(), ".");
        add(context.get(), message.body);
        return finish_mac(context.get());
    }
};

Result<SignatureKey> SignatureKey::read(std::string_view text) {
    const std::size_t mark = text.find('_');
    const std::string_view kind = text.substr(0, std::min(mark, text.size()));
    const auto bytes =
        mark == std::string_view::npos ? std::nullopt : from_base64(text.substr(mark + 1));
    if (!bytes) {
        return not_a_key();
    }
    auto material = std::make_shared<Material>();
    if (kind == "whsec" && bytes->size() >= secret_bytes_min && bytes->size() <= secret_bytes_max) {
        material->mac = mac_under(*bytes);
    } else if (kind == "whsk" &&
               (bytes->size() == ed25519_bytes || bytes->size() == 2 * ed25519_bytes)) {
        material->key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                                         bytes_of(*bytes), ed25519_bytes));
    } else if (kind == "whpk" && bytes->size() == ed25519_bytes) {
        material->key.reset(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(*bytes),
                                                        ed25519_bytes));
        material->can_sign = false;
    }
    if (material->mac == nullptr && material->key == nullptr) {
        return not_a_key();
    }
    SignatureKey key;
    key.material_ = std::move(material);
    return key;
}

std::string SignatureKey::sign(const SignedMessage& message) const {
    SILLAGE_ASSERT(material_->can_sign);
    if (material_->mac != nullptr) {
        return std::string(symmetric) + to_base64(material_->mac_of(message));
    }
    const std::string content = content_of(message);
    const DigestContext context(EVP_MD_CTX_new());
    std::array<unsigned char, ed25519_signature_bytes> signature{};
    std::size_t length = signature.size();
    const bool is_done =
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, material_->key.get()) == 1 &&
        EVP_DigestSign(context.get(), signature.data(), &length, bytes_of(content),
                       content.size()) == 1;
    SILLAGE_ASSERT(is_done);
    return std::string(asymmetric) + to_base64(text_of(signature));
}

bool SignatureKey::verifies(const SignedMessage& message, std::string_view signature) const {
    if (material_->mac != nullptr) {
        return signature.starts_with(symmetric) &&
               equals_in_constant_time(signature.substr(symmetric.size()),
                                       to_base64(material_->mac_of(message)));
    }
    if (!signature.starts_with(asymmetric)) {
        return false;
    }
    const auto bytes = from_base64(signature.substr(asymmetric.size()));
    if (!bytes || bytes->size() != ed25519_signature_bytes) {
        return false;
    }
    const std::string content = content_of(message);
    const DigestContext context(EVP_MD_CTX_new());
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, material_->key.get()) ==
               1 &&
           EVP_DigestVerify(context.get(), bytes_of(*bytes), bytes->size(), bytes_of(content),
                            content.size()) == 1;
}

std::string new_secret(std::span<const std::uint8_t, secret_bytes> bytes) {
    return "whsec_" + to_base64(text_of(bytes));
}

KeyPair key_pair(std::span<const std::uint8_t, secret_bytes> seed) {
    const Key key(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    std::array<unsigned char, ed25519_bytes> open{};
    std::size_t length = open.size();
    const bool is_done =
        key != nullptr && EVP_PKEY_get_raw_public_key(key.get(), open.data(), &length) == 1;
    SILLAGE_ASSERT(is_done);
    return KeyPair{.secret = "whsk_" + to_base64(text_of(seed) + text_of(open)),
                   .open = "whpk_" + to_base64(text_of(open))};
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    const MacContext context = mac_under(key);
    add(context.get(), bytes);
    return finish_mac(context.get());
}

bool equals_in_constant_time(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string signature_header(std::span<const SignatureKey> keys, const SignedMessage& message) {
    std::string header;
    for (const SignatureKey& key : keys) {
        header += (header.empty() ? "" : " ") + key.sign(message);
    }
    return header;
}

Result<void> check_signature(std::span<const SignatureKey> keys, const SignedMessage& message,
                             std::string_view header, Instant now) {
    SILLAGE_TRY(check_timestamp(message.timestamp, now));
    while (!header.empty()) {
        const std::string_view signature = header.substr(0, header.find(' '));
        for (const SignatureKey& key : keys) {
            if (key.verifies(message, signature)) {
                return success();
            }
        }
        header.remove_prefix(std::min(signature.size() + 1, header.size()));
    }
    return refused("No signature of the message is right.");
}

Result<void> check_timestamp(std::string_view seconds, Instant now) {
    std::int64_t value = 0;
    const char* const end = seconds.data() + seconds.size();
    const auto [last, error] = std::from_chars(seconds.data(), end, value);
    constexpr std::int64_t latest = instant_max.milliseconds / 1000;
    if (error != std::errc{} || last != end || seconds.empty() || value < 0 || value > latest) {
        return refused("The timestamp of the message is not a number of seconds since 1970.");
    }
    const Duration off = Instant{value * 1000} - now;
    // The sender's second may be over, so that a whole one is allowed on top.
    const Duration most{timestamp_tolerance.milliseconds + 1000};
    if (off > most || off < Duration{-most.milliseconds}) {
        return refused("The message was signed more than five minutes from now.");
    }
    return success();
}

}  // namespace sillage::server
