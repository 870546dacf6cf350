#pragma once

#include <string>

#include "server/routes/visit.hpp"

namespace sillage::server {

/// A token as it is made: its record, and the text that is shown once.
struct NewToken {
    Record record = {};
    std::string text = {};
};

/// What a token is called, until when it is good (an instant in RFC 3339, or null) and for what.
struct TokenTerms {
    std::string name = {};
    boost::json::value expires_at = nullptr;
    /// Of token_scopes; empty: no limit.
    std::vector<std::string> scopes = {};
};

/// When a token ends that does not say: in a year; never in a sandbox, whose clock may leap.
[[nodiscard]] boost::json::value default_expiry(const Visit& visit);

/// Makes a token of that account and stores it; the account's own list of tokens grows by it.
/// Errors: conflict: the account has too many.
[[nodiscard]] Result<NewToken> put_token(const Visit& visit, Work& work, Record account,
                                         const TokenTerms& terms);

}  // namespace sillage::server
