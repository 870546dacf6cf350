#include "server/auth/token.hpp"

#include <algorithm>

#include "engine/base/hash.hpp"

namespace sillage::server {
namespace {

/// Longer than any token of ours; what an operator puts into SILLAGE_ADMIN_TOKEN fits as well.
constexpr std::size_t token_characters_max = 512;

Error refused(std::string message) {
    return Error{.code = ErrorCode::unauthenticated, .message = std::move(message)};
}

/// The credentials of a Bearer header (RFC 6750); nothing for another scheme.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
    constexpr std::string_view scheme = "bearer ";
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    if (!std::ranges::equal(authorization.substr(0, scheme.size()), scheme, {}, lower)) {
        return std::nullopt;
    }
    authorization.remove_prefix(scheme.size());
    authorization.remove_prefix(
        std::min(authorization.find_first_not_of(' '), authorization.size()));
    return authorization;
}

}  // namespace

std::string token_text(std::span<const std::uint8_t, token_bytes> bytes) {
    static constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text = "sil_";
    for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 6) {
        const std::size_t byte = bit / 8;
        const unsigned next = byte + 1 < bytes.size() ? bytes[byte + 1] : 0U;
        const unsigned pair = static_cast<unsigned>(bytes[byte]) << 8U | next;
        text += alphabet[(pair >> (10U - bit % 8)) & 63U];
    }
    return text;
}

std::string token_hash(std::string_view token) { return sha256_hex(token); }

Account built_in_admin() {
    return Account{.id = "acc_admin", .name = "Administrator", .bindings = {{.role = "admin"}}};
}

Result<std::string> presented_hash(std::optional<std::string_view> authorization) {
    const auto token = bearer_token(authorization.value_or(""));
    if (!token) {
        return refused("Send a token: Authorization: Bearer sil_….");
    }
    if (token->empty() || token->size() > token_characters_max) {
        return refused("The token is unknown, expired or revoked.");
    }
    return token_hash(*token);
}

}  // namespace sillage::server
