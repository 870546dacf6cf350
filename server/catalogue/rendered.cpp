#include "server/catalogue/rendered.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace sillage::server {

Rendered rendered(const CloudEvent& event) {
    Rendered out{.id = event.id,
                 .type = event.type,
                 .structured = to_json_text(to_json(event)),
                 .data = to_json_text(event.data),
                 .traceparent = event.traceparent};
    for (const auto& [name, value] : binary_fields(event)) {
        out.binary_headers.push_back(fmt::format("{}: {}", name, value));
    }
    return out;
}

Delivery delivery_of(const Rendered& event, const Subscription& subscription, Instant now) {
    Delivery delivery{.webhook = subscription.id, .event = event.id, .type = event.type};
    delivery.created_at = now;
    delivery.progress.next_at = now;
    if (subscription.mode == ContentMode::structured) {
        delivery.headers = {"Content-Type: " + std::string(cloud_event_media_type)};
        delivery.body = event.structured;
    } else {
        delivery.headers = event.binary_headers;
        delivery.headers.emplace_back("Content-Type: application/json");
        delivery.body = event.data;
    }
    if (!event.traceparent.empty()) {
        delivery.headers.push_back("traceparent: " + event.traceparent);
    }
    return delivery;
}

}  // namespace sillage::server
