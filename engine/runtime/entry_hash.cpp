#include "engine/runtime/entry_hash.hpp"

#include "engine/base/hash.hpp"
#include "engine/store/entry_json.hpp"

namespace sillage {

void seal(Entry& entry) { entry.hash = sha256_hex(entry_text(entry)); }

bool is_sealed(const Entry& entry) { return entry.hash == sha256_hex(entry_text(entry)); }

}  // namespace sillage
