#pragma once

#include <string>
#include <string_view>

#include "server/auth/account.hpp"

namespace sillage::server {

/// By what a request says who sends it. It holds no secret.
struct Credential {
    enum class Kind {
        none,
        token,          ///< `value` is its token_hash
        session,        ///< a browser's; `value` is the token_hash of its secret
        operator_user,  ///< `value` is the system's name for the user who came by the socket
    };
    Kind kind = Kind::none;
    std::string value = {};
    /// Of a session: whose it says it is.
    std::string account = {};

    bool operator==(const Credential&) const = default;
};

/// Whom the operator of the machine acts as: an administrator whose id says who it was.
/// Ex. `operator:root`. No stored account has such an id.
[[nodiscard]] Account operator_account(std::string_view user);

}  // namespace sillage::server
