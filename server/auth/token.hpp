#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/runtime/runtime.hpp"
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

/// Who sends that Authorization header. `admin_hash` is the token_hash of the administrator's
/// token from the environment, or empty.
/// Errors: unauthenticated: none, another scheme, or an unknown, expired or revoked token.
[[nodiscard]] Result<Account> authenticate(Reader& reader,
                                           std::optional<std::string_view> authorization,
                                           std::string_view admin_hash, Instant now);

}  // namespace sillage::server
