#pragma once

#include "server/http/message.hpp"
#include "server/routes/services.hpp"

// Pages that are the same for everybody and made once: the API's description and what it needs.

namespace sillage::server {

/// The Cache-Control of pages that a new version of the program changes: that is seen in minutes.
inline constexpr std::string_view for_minutes = "public, max-age=300";

/// The page with its ETag.
[[nodiscard]] SitePage site_page(std::string media_type, std::string body);

/// The page, or 304 to whoever has it. Errors: not_found.
[[nodiscard]] Result<Response> site_response(const Site& site, const Request& request);

}  // namespace sillage::server
