#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/instant.hpp"
#include "server/auth/credential.hpp"
#include "server/auth/token.hpp"

namespace sillage::server {

/// How long a browser stays signed in. Source: threats TM8.
struct SessionLife {
    Duration idle{30LL * 60 * 1000};
    Duration longest{12LL * 60 * 60 * 1000};

    bool operator==(const SessionLife&) const = default;
};

/// The prefix makes browsers take it from this host alone, over TLS (or from localhost), for every
/// path: no other host can plant one.
inline constexpr std::string_view session_cookie = "__Host-sillage";

/// Random bytes as unpadded base64url: 43 characters.
[[nodiscard]] std::string secret_text(std::span<const std::uint8_t, token_bytes> bytes);

/// A secret that says whose it is, so that it is looked for in one place. Ex. `acc_01J….kR3…`.
[[nodiscard]] std::string owned_secret(std::string_view account, std::string_view secret);

/// The account of such a text, and the token_hash of the whole; nothing for what is none.
struct OwnedSecret {
    std::string account = {};
    std::string hash = {};
};
[[nodiscard]] std::optional<OwnedSecret> read_owned_secret(std::string_view text);

/// The session that a Cookie header presents; nothing without one.
[[nodiscard]] std::optional<Credential> session_presented(std::string_view cookies);

/// What Set-Cookie says to keep that secret, and to forget it.
[[nodiscard]] std::string kept_cookie(std::string_view secret);
[[nodiscard]] std::string forgotten_cookie();

/// A hash of the account's bindings: a login session ends when they change.
[[nodiscard]] std::string roles_hash(const Account& account);

}  // namespace sillage::server
