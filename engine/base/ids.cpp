#include "engine/base/ids.hpp"

namespace sillage {

std::string ulid(Instant at, const Entropy& entropy) {
    static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string text;
    text.reserve(26);
    const auto ms = static_cast<std::uint64_t>(at.milliseconds);
    for (int shift = 45; shift >= 0; shift -= 5) {
        text += alphabet[(ms >> shift) & 31U];
    }
    for (std::size_t bit = 0; bit < entropy.size() * 8; bit += 5) {
        const std::size_t byte = bit / 8;
        const unsigned pair =
            static_cast<unsigned>(entropy[byte] << 8U) |
            static_cast<unsigned>(byte + 1 < entropy.size() ? entropy[byte + 1] : 0U);
        text += alphabet[(pair >> (11U - bit % 8)) & 31U];
    }
    return text;
}

}  // namespace sillage
