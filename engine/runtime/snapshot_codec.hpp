#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/snapshot.hpp"

namespace sillage {

/// The canonical bytes of a snapshot: JSON with states by id. Equal snapshots give equal bytes.
[[nodiscard]] std::string encode_snapshot(const Definition& definition, const Snapshot& snapshot);

/// Errors: corrupt: not what encode_snapshot writes for this definition.
[[nodiscard]] Result<Snapshot> decode_snapshot(const Definition& definition, std::string_view text);

}  // namespace sillage
