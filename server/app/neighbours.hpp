#pragma once

#include <string>

#include "engine/model/reading.hpp"

namespace sillage::server {

/// Gives the files in the folder of `file` and below it, to which a document may refer by `src`. A
/// symbolic link that leads out of the folder is none of them; of a file larger than a definition
/// may be, its first bytes and one more.
[[nodiscard]] Neighbours neighbours_of(const std::string& file);

}  // namespace sillage::server
