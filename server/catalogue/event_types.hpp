#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>
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

/// All: those of entries in the order in which one tells them, then the others.
[[nodiscard]] std::span<const EventType> event_types();
[[nodiscard]] std::optional<EventType> event_type(std::string_view type);

/// Where the schema of its data stands; empty for what a workflow has defined itself. `base_url` is
/// where the server is found, without a slash at its end.
[[nodiscard]] std::string schema_url(std::string_view type, std::string_view base_url);

}  // namespace sillage::server
