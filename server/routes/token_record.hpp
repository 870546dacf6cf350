#pragma once

#include <string>

#include "server/routes/visit.hpp"

namespace sillage::server {

/// A token as it is made: its record, and the text that is shown once.
struct NewToken {
    Record record = {};
    std::string text = {};
};

/// What a token is called, and until when it is good: an instant in RFC 3339, or null.
struct TokenTerms {
    std::string name = {};
    boost::json::value expires_at = nullptr;
};

/// Makes a token of that account and stores it; the account's own list of tokens grows by it.
/// Errors: conflict: the account has too many.
[[nodiscard]] Result<NewToken> put_token(const Visit& visit, Work& work, Record account,
                                         const TokenTerms& terms);

}  // namespace sillage::server
