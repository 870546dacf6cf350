#pragma once

#include <string>
#include <string_view>

#include "engine/base/instant.hpp"

namespace sillage::server {

/// A code that is good once, and for a while, as it is kept: its token_hash, a blank and the
/// instant when it ends. Ex. `9f86…0a08 2027-01-01T00:30:00.000Z`.
[[nodiscard]] std::string kept_code(std::string_view code, Instant until);

/// Whether `kept` is that code's, and its end has not come.
[[nodiscard]] bool is_code(std::string_view kept, std::string_view code, Instant now);

}  // namespace sillage::server
