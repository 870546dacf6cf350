#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"
#include "server/auth/allowances.hpp"

namespace sillage::server {

/// How often links are asked for. Chosen: a person who waits for a mail asks again a few times; an
/// office behind one address has a few dozen persons.
inline constexpr Allowance links_per_address{.requests = 5, .window = std::chrono::minutes(15)};
inline constexpr Allowance links_per_peer{.requests = 50, .window = std::chrono::minutes(15)};

/// Of an e-mail address. Source: RFC 5321, 4.5.3.1.3, without the angle brackets.
inline constexpr std::size_t email_bytes_max = 254;

class Provider;

/// By what browsers get in.
class LoginDesk {
  public:
    /// Where links lead, without a slash at the end: what is configured, never what a request says.
    /// Ex. `https://sillage.example.org`.
    std::string base_url = {};
    /// Has a link made and mailed if an account has that address, and returns at once either way;
    /// null: no mail is sent. From any thread.
    std::function<void(const std::string& email)> mail_link = {};

    /// The OpenID provider by which people sign in; null: there is none.
    std::shared_ptr<Provider> provider = nullptr;

    /// Has a link mailed if an account has that address, and does the same work if none has: what
    /// differs is done later, elsewhere. `peer`: the address that it is asked from. From any
    /// thread. Errors: too_many_requests: from that peer; an address that had many is passed over
    /// silently.
    [[nodiscard]] Result<void> ask_for_link(const std::string& peer, std::string_view email);

    Allowances peers{links_per_peer};
    Allowances addresses{links_per_address};
};

}  // namespace sillage::server
