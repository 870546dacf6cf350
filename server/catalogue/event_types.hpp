#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string_view>

namespace sillage::server {

/// A type of events that the server itself has; workflows have their own beside these.
struct EventType {
    /// Ex. `sillage.instance.started`.
    std::string_view type = {};
    /// Of its data in the OpenAPI document. Ex. `InstanceStarted`.
    std::string_view schema = {};
    /// One line, without a full stop.
    std::string_view summary = {};
};

/// All, in the order in which an entry tells them.
[[nodiscard]] std::span<const EventType> event_types();
[[nodiscard]] std::optional<EventType> event_type(std::string_view type);

}  // namespace sillage::server
