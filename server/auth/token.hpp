#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "server/auth/account.hpp"

namespace sillage::server {

/// Random bytes of a token: more than anybody can try.
inline constexpr std::size_t token_bytes = 32;

/// `sil_` and the bytes in base64url without padding: what is shown once.
[[nodiscard]] std::string token_text(std::span<const std::uint8_t, token_bytes> bytes);

/// What is kept of a token, and looked up. SHA-256, hexadecimal: the token is random, so that
/// nothing slower is needed, and a look-up by hash tells nothing by its time.
[[nodiscard]] std::string token_hash(std::string_view token);

/// The account that a token in SILLAGE_ADMIN_TOKEN stands for.
[[nodiscard]] Account built_in_admin();

/// The token_hash of the token that an Authorization header presents.
/// Errors: unauthenticated: none, another scheme, or longer than any token.
[[nodiscard]] Result<std::string> presented_hash(std::optional<std::string_view> authorization);

}  // namespace sillage::server
