#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "server/auth/login_book.hpp"
#include "server/auth/token.hpp"

namespace sillage::server {

/// How long a mailed link is good. Source: threats TM38; long enough for slow mail.
inline constexpr Duration link_life{15LL * 60 * 1000};

/// Makes a one-time link of the account from that chance and gives its code, of which only a hash
/// is kept. Ex. `acc_01J….kR3…`. Errors: those of the store.
[[nodiscard]] Result<std::string> put_link(Transaction& transaction, std::string_view account,
                                           std::span<const std::uint8_t, token_bytes> chance,
                                           Instant now);

/// The account that the code signs in now; nothing: it is none, was used or has ended.
[[nodiscard]] Result<std::optional<std::string>> account_of_link(ReadView& view,
                                                                 std::string_view code,
                                                                 Instant now);

/// The same, and uses the code up.
[[nodiscard]] Result<std::optional<std::string>> take_link(Transaction& transaction,
                                                           std::string_view code, Instant now);

}  // namespace sillage::server
