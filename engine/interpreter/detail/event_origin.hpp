#pragma once

#include <string>
#include <string_view>

namespace sillage {

/// SCXML's name of the one event processor there is, and what an address of it begins with.
inline constexpr std::string_view scxml_processor =
    "http://www.w3.org/TR/scxml/#SCXMLEventProcessor";
inline constexpr std::string_view session_prefix = "#_scxml_";

/// Source: SCXML 5.10.1.
enum class EventType {
    platform,  ///< from the engine: errors, `done`
    internal,  ///< raised
    external,
};

[[nodiscard]] constexpr std::string_view word_for(EventType type) {
    return type == EventType::platform   ? "platform"
           : type == EventType::internal ? "internal"
                                         : "external";
}

/// Where an event comes from, as `_event` of a `.scxml` document tells it; empty: nothing to tell.
struct EventDetail {
    EventType type = EventType::external;
    /// `id` of the `send` that made it, or that failed.
    std::string send_id = {};
    /// By which whoever sent it can be answered.
    std::string address = {};
    /// Of the child that it comes from.
    std::string invoke_id = {};

    bool operator==(const EventDetail&) const = default;
};

}  // namespace sillage
