#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/store/store.hpp"

namespace sillage {

/// Bytes by chance as an entry's salt: hexadecimal digits.
[[nodiscard]] std::string salt_of(std::span<const std::uint8_t> bytes);

/// Gives the entry of the write, whose payload is there, its text and its hash: over all its
/// members but `position`, `previous_hash` included, so that each entry vouches for all before it;
/// over salt and payload by their own hash.
void seal(InstanceWrite& write);

/// Whether the entry has the hash that its members give. A payload that was erased, and the salt
/// with it, is not asked for.
[[nodiscard]] bool is_sealed(const Entry& entry);

}  // namespace sillage
