#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sillage::server {

/// The bytes in base64 with padding (RFC 4648, 4).
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// The other way; nothing for what `to_base64` would not have written.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace sillage::server
