#include "engine/base/hash.hpp"

#include <openssl/evp.h>

#include <array>

#include "engine/base/assert.hpp"

namespace sillage {

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, 32> digest{};
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    SILLAGE_ASSERT(done == 1);
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
