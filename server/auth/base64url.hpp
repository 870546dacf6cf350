#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sillage::server {

/// The bytes in base64url without padding (RFC 4648, 5; RFC 7515, 2).
[[nodiscard]] std::string to_base64url(std::string_view bytes);

/// The other way; nothing for what `to_base64url` would not have written: padding, white space,
/// another alphabet, or bits left over.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace sillage::server
