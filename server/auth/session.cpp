#include "server/auth/session.hpp"

#include <algorithm>

#include "engine/base/hash.hpp"
#include "engine/base/json.hpp"

namespace sillage::server {
namespace {

/// Longer than any secret of ours.
constexpr std::size_t secret_characters_max = 128;

constexpr std::string_view attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax";

}  // namespace

std::string secret_text(std::span<const std::uint8_t, token_bytes> bytes) {
    constexpr std::size_t prefix = 4;  // `sil_` is for tokens, which scanners look for
    return token_text(bytes).substr(prefix);
}

std::string owned_secret(std::string_view account, std::string_view secret) {
    return std::string(account) + "." + std::string(secret);
}

std::optional<OwnedSecret> read_owned_secret(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot == 0 || text.size() > secret_characters_max) {
        return std::nullopt;
    }
    return OwnedSecret{.account = std::string(text.substr(0, dot)), .hash = token_hash(text)};
}

std::optional<Credential> session_presented(std::string_view cookies) {
    while (!cookies.empty()) {
        std::string_view cookie = cookies.substr(0, cookies.find(';'));
        cookies.remove_prefix(std::min(cookie.size() + 1, cookies.size()));
        cookie.remove_prefix(std::min(cookie.find_first_not_of(' '), cookie.size()));
        const std::size_t sign = cookie.find('=');
        if (sign == std::string_view::npos || cookie.substr(0, sign) != session_cookie) {
            continue;
        }
        const auto owned = read_owned_secret(cookie.substr(sign + 1));
        return owned ? std::optional(Credential{.kind = Credential::Kind::session,
                                                .value = owned->hash,
                                                .account = owned->account})
                     : std::nullopt;
    }
    return std::nullopt;
}

std::string kept_cookie(std::string_view secret) {
    return std::string(session_cookie) + "=" + std::string(secret) + std::string(attributes);
}

std::string forgotten_cookie() {
    return std::string(session_cookie) + "=" + std::string(attributes) + "; Max-Age=0";
}

std::string roles_hash(const Account& account) {
    std::string text;
    for (const Binding& binding : account.bindings) {
        text += to_json_text(to_json(binding)) + "\n";
    }
    return sha256_hex(text);
}

}  // namespace sillage::server
