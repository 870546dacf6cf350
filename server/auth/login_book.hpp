#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/store.hpp"

// What is kept of how an account gets in, beside its record: login sessions, mail links, and when
// its tokens were used. It is no registry: it changes often, and nothing refers to it.

namespace sillage::server {

/// A browser that is signed in.
struct LoginSession {
    std::string id = {};    ///< Ex. `ses_01J…`; what lists show
    std::string hash = {};  ///< of its secret
    /// Of the roles that the account had: others end it.
    std::string roles_hash = {};
    Instant created_at = {};
    /// At least once since then, give or take what is not written at every request.
    Instant seen_at = {};
    Instant ends_at = {};

    bool operator==(const LoginSession&) const = default;
};

/// A one-time link that was mailed or printed.
struct LoginLink {
    std::string hash = {};  ///< of its code
    Instant ends_at = {};

    bool operator==(const LoginLink&) const = default;
};

/// Of one account.
struct LoginBook {
    std::vector<LoginSession> sessions = {};
    std::vector<LoginLink> links = {};
    /// By token id: last seen, give or take an hour.
    std::map<std::string, Instant, std::less<>> token_uses = {};

    bool operator==(const LoginBook&) const = default;
};

/// When a credential was last used, to be written down.
struct CredentialUse {
    std::string account = {};
    /// A token's or a login session's id.
    std::string credential = {};
    Instant at = {};

    bool operator==(const CredentialUse&) const = default;
};

/// Sessions and links that one account has at a time; the oldest give way. Chosen: a person has a
/// handful of browsers, and asks for a few links when the mail is slow.
inline constexpr std::size_t sessions_max = 20;
inline constexpr std::size_t links_max = 5;

/// What is kept of the account; empty when nothing is.
/// Errors: those of the store; corrupt: it cannot be read.
[[nodiscard]] Result<LoginBook> login_book(ReadView& view, std::string_view account);

/// Keeps it, without what has ended by then and what is too much.
[[nodiscard]] Result<void> keep_login_book(Transaction& transaction, std::string_view account,
                                           LoginBook book, Instant now);

/// Writes those uses into their accounts' books.
[[nodiscard]] Result<void> keep_uses(Transaction& transaction,
                                     const std::vector<CredentialUse>& uses, Instant now);

}  // namespace sillage::server
