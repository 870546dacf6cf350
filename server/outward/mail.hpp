#pragma once

#include <string>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"

namespace sillage::server {

/// One text to one person.
struct Mail {
    std::string to = {};       ///< an address alone. Ex. `ana@example.org`
    std::string subject = {};  ///< ASCII
    std::string text = {};     ///< UTF-8, lines ended by LF

    bool operator==(const Mail&) const = default;
};

/// The mail as it is sent (RFC 5322), lines ended by CRLF. `id` is unlike any other's.
/// Errors: invalid_argument: an address or the subject has a control character or what else would
///         begin another header or recipient.
[[nodiscard]] Result<std::string> message_text(const Mail& mail, const std::string& from,
                                               const std::string& id, Instant now);

}  // namespace sillage::server
