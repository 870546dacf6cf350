#include "server/app/chance.hpp"

#include <openssl/rand.h>

#include <array>
#include <limits>

#include "engine/base/assert.hpp"

namespace sillage::server {

void fill_with_chance(std::span<std::uint8_t> bytes) {
    const bool has_chance = RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1;
    SILLAGE_ASSERT(has_chance);
}

double chance() {
    std::array<std::uint8_t, sizeof(std::uint32_t)> bytes{};
    fill_with_chance(bytes);
    std::uint32_t number = 0;
    for (const std::uint8_t byte : bytes) {
        number = number << 8U | byte;
    }
    return static_cast<double>(number) / std::numeric_limits<std::uint32_t>::max();
}

}  // namespace sillage::server
