#include "server/auth/login_link.hpp"

#include <algorithm>

#include "server/auth/session.hpp"

namespace sillage::server {
namespace {

bool is_good(const LoginLink& link, const std::string& hash, Instant now) {
    return link.hash == hash && now < link.ends_at;
}

}  // namespace

Result<std::string> put_link(Transaction& transaction, std::string_view account,
                             std::span<const std::uint8_t, token_bytes> chance, Instant now) {
    std::string code = owned_secret(account, secret_text(chance));
    SILLAGE_TRY(LoginBook book, login_book(transaction, account));
    book.links.push_back({.hash = token_hash(code), .ends_at = now + link_life});
    SILLAGE_TRY(keep_login_book(transaction, account, std::move(book), now));
    return code;
}

Result<std::optional<std::string>> account_of_link(ReadView& view, std::string_view code,
                                                   Instant now) {
    const auto owned = read_owned_secret(code);
    if (!owned) {
        return std::optional<std::string>();
    }
    SILLAGE_TRY(const LoginBook book, login_book(view, owned->account));
    const bool has_it = std::ranges::any_of(
        book.links, [&](const LoginLink& link) { return is_good(link, owned->hash, now); });
    return has_it ? std::optional(owned->account) : std::nullopt;
}

Result<std::optional<std::string>> take_link(Transaction& transaction, std::string_view code,
                                             Instant now) {
    SILLAGE_TRY(auto account, account_of_link(transaction, code, now));
    if (!account) {
        return account;
    }
    SILLAGE_TRY(LoginBook book, login_book(transaction, *account));
    const std::string hash = token_hash(code);
    std::erase_if(book.links, [&](const LoginLink& link) { return link.hash == hash; });
    SILLAGE_TRY(keep_login_book(transaction, *account, std::move(book), now));
    return account;
}

}  // namespace sillage::server
