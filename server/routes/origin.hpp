#pragma once

#include "server/http/message.hpp"

namespace sillage::server {

/// Whether a request that a cookie vouches for comes from a page of this server: what changes
/// something must say so by `Sec-Fetch-Site: same-origin` (or `none`: the person's own doing) or by
/// an `Origin` that is the host asked, and its body is none that a form of another site could send.
/// Source: threats TM17.
/// Errors: forbidden.
[[nodiscard]] Result<void> check_origin(const Request& request);

/// Whether a form of this server was sent: not refused is what says nothing of where it is from,
/// for programs that follow a link. Errors: forbidden.
[[nodiscard]] Result<void> check_form_origin(const Request& request);

}  // namespace sillage::server
