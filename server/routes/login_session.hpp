#pragma once

#include <string>

#include "server/routes/visit.hpp"

namespace sillage::server {

/// Signs a browser in as that account: a new session under a new secret, whatever the browser
/// brought; the one that it brought ends. Gives what Set-Cookie says.
/// Errors: those of the store.
[[nodiscard]] Result<std::string> put_session(const Visit& visit, Work& work,
                                              const Record& account);

/// Ends the session of that id. False: the account has none of it.
[[nodiscard]] Result<bool> end_session(const Visit& visit, Work& work, std::string_view account,
                                       std::string_view session);

/// Whose browser it is that asks an open route; null: nobody is signed in with it. It counts as a
/// use of the session. Errors: unavailable; those of the store.
[[nodiscard]] net::awaitable<Result<AccountPointer>> account_of_browser(const Arrival& arrival);

}  // namespace sillage::server
