#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.hpp"

// Small tools on the text of requests; ASCII only, whatever the locale.

namespace sillage::server {

[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right);
/// Without the blanks and tabs at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
/// The parts between the separators, trimmed; empty ones too.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

[[nodiscard]] bool is_utf8(std::string_view text);
/// The text if it is UTF-8, else with `?` for every byte that is not ASCII.
[[nodiscard]] std::string to_utf8(std::string text);

/// What a token (RFC 9110, 5.6.2) is made of: names of fields and methods.
[[nodiscard]] bool is_token(std::string_view text);

/// Undoes percent-encoding, and `+` when `plus_is_blank`.
/// Errors: invalid_argument: a `%` without two digits, NUL, or not UTF-8.
[[nodiscard]] Result<std::string> percent_decode(std::string_view text, bool plus_is_blank);

/// The text with every byte but letters, digits and `-._~` as `%` and two digits (RFC 3986, 2.3).
[[nodiscard]] std::string percent_encode(std::string_view text);

/// The `name=value` pairs of a query or a form, decoded, in their order; a name alone has an empty
/// value. Errors: invalid_argument: as percent_decode.
[[nodiscard]] Result<std::vector<Field>> read_pairs(std::string_view text);

/// Splits a request target into `path` (encoded) and `query` (decoded). Takes `/path?query` and
/// `*`; of an absolute target the part after the authority.
/// Errors: invalid_argument: another form, or a query that cannot be decoded.
[[nodiscard]] Result<void> read_target(std::string_view target, Request& request);

}  // namespace sillage::server
