#pragma once

#include <string_view>

#include "server/http/message.hpp"

namespace sillage::server {

/// Whether a request that a cookie vouches for comes from a page of this server: what changes
/// something must say so by `Sec-Fetch-Site: same-origin` (or `none`: the person's own doing) or by
/// an `Origin` that is ours, and its body is none that a form of another site could send.
/// `ours` is where this server is found, ex. `https://sillage.example.org`; empty: the host asked,
/// which whoever poisons a cache or a name may choose. Source: threats TM17, TM39.
/// Errors: forbidden.
[[nodiscard]] Result<void> check_origin(const Request& request, std::string_view ours);

/// Whether a form of this server was sent: not refused is what says nothing of where it is from,
/// for programs that follow a link. Errors: forbidden.
[[nodiscard]] Result<void> check_form_origin(const Request& request, std::string_view ours);

}  // namespace sillage::server
