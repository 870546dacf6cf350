#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "server/http/message.hpp"

// What the forms of this server's pages send, as bodies of requests.

namespace sillage::server {

inline constexpr std::string_view form_media_type = "application/x-www-form-urlencoded";

/// Chosen: our forms have a few fields of a line each, percent-encoded to three times their length.
inline constexpr std::size_t form_bytes_max = 4UL * 1024UL;

/// The fields of a form, each a text. What they should hold is checked as members of JSON are.
/// Errors: unsupported_media_type; too_large; invalid_argument: it cannot be decoded, or has a
/// field
///         twice.
[[nodiscard]] Result<boost::json::object> read_form(const Request& request);

}  // namespace sillage::server
