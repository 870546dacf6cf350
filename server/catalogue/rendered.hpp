#pragma once

#include <string>
#include <vector>

#include "engine/store/delivery.hpp"
#include "server/catalogue/event.hpp"
#include "server/hooks/subscription.hpp"

namespace sillage::server {

/// What an event is sent as, in both modes; the same for all webhooks that are told the same.
struct Rendered {
    std::string id = {};
    std::string type = {};
    /// The body of the structured mode, and that of the binary one with its header fields as whole
    /// lines.
    std::string structured = {};
    std::string data = {};
    std::vector<std::string> binary_headers = {};
    /// Empty without one.
    std::string traceparent = {};
};

[[nodiscard]] Rendered rendered(const CloudEvent& event);

/// The event on its way to that webhook, due at that instant: of no instance, and without a number.
[[nodiscard]] Delivery delivery_of(const Rendered& event, const Subscription& subscription,
                                   Instant now);

}  // namespace sillage::server
