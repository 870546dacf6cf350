#include "engine/base/hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "engine/base/assert.hpp"

namespace sillage {
namespace {

template <auto free>
struct Free {
    void operator()(auto* thing) const { free(thing); }
};

/// SHA-256 as OpenSSL's providers have it: looked up once a thread, which costs more than to hash
/// a kilobyte.
struct Sha256 {
    std::unique_ptr<EVP_MD, Free<EVP_MD_free>> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context{EVP_MD_CTX_new()};
};

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    thread_local const Sha256 sha256;
    EVP_MD_CTX* const context = sha256.context.get();
    std::array<unsigned char, 32> digest{};
    const bool done = EVP_DigestInit_ex2(context, sha256.algorithm.get(), nullptr) == 1 &&
                      EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1 &&
                      EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1;
    SILLAGE_ASSERT(done);
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string text;
    text.reserve(64);
    for (const unsigned char byte : digest) {
        text += hex[byte >> 4U];
        text += hex[byte & 15U];
    }
    return text;
}

}  // namespace sillage
