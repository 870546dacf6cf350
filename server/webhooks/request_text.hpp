#pragma once

#include <span>
#include <string>

#include "engine/store/delivery.hpp"
#include "server/hooks/signature.hpp"
#include "server/outward/target.hpp"

namespace sillage::server {

/// A request as it is written to a receiver.
struct RequestText {
    std::string text = {};
    /// `webhook-signature`.
    std::string signature = {};
};

/// The delivery, signed by the keys, as one attempt sends it. `at`: of the attempt.
[[nodiscard]] RequestText request_text(const Delivery& delivery, const Target& target,
                                       std::span<const SignatureKey> keys, Instant at);

/// The header fields of that attempt, whole lines, in the order in which they are sent.
[[nodiscard]] std::vector<std::string> header_lines(const Delivery& delivery, Instant at,
                                                    const std::string& signature);

}  // namespace sillage::server
