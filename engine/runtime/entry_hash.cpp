#include "engine/runtime/entry_hash.hpp"

#include <string_view>

#include "engine/base/hash.hpp"
#include "engine/store/entry_json.hpp"

namespace sillage {
namespace {

std::string commitment(const Entry& entry) { return sha256_hex(entry.salt + payload_text(entry)); }

bool is_erased(const Entry& entry) {
    return entry.salt.empty() && entry.data.is_null() && entry.taken.empty() &&
           entry.effects.empty();
}

}  // namespace

std::string salt_of(std::span<const std::uint8_t> bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

void seal(InstanceWrite& write) {
    Entry& entry = write.entry;
    entry.payload_hash = sha256_hex(entry.salt + write.payload);
    write.body = entry_text(entry);
    entry.hash = sha256_hex(write.body);
}

bool is_sealed(const Entry& entry) {
    return (is_erased(entry) || entry.payload_hash == commitment(entry)) &&
           entry.hash == sha256_hex(entry_text(entry));
}

}  // namespace sillage
