#include "server/catalogue/event_types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sillage::server {
namespace {

constexpr std::array types{
    EventType{"sillage.instance.started", "InstanceStarted", "An instance was started"},
    EventType{"sillage.instance.deadline_approaching", "InstanceDeadlineApproaching",
              "A reminder of a deadline came due"},
    EventType{"sillage.instance.deadline_expired", "InstanceDeadlineExpired",
              "A deadline has passed"},
    EventType{"sillage.instance.transition", "InstanceTransition", "An event or a timer was taken"},
    EventType{"sillage.notification", "Notification", "A role is told something"},
    EventType{"sillage.instance.stage_changed", "InstanceStageChanged",
              "An instance is in another stage"},
    EventType{"sillage.instance.finished", "InstanceFinished", "An instance has ended"},
    EventType{"sillage.instance.incident", "InstanceIncident",
              "A step could not be done and waits for somebody"},
    EventType{"sillage.cohort.bulk_finished", "CohortBulkFinished",
              "One event was sent to many members of a cohort"},
    EventType{"sillage.webhook.test", "WebhookTest", "A test that somebody has asked for"},
};

}  // namespace

std::span<const EventType> event_types() { return types; }

std::optional<EventType> event_type(std::string_view type) {
    const auto found = std::ranges::find(types, type, &EventType::type);
    return found == types.end() ? std::nullopt : std::optional(*found);
}

std::string schema_url(std::string_view type, std::string_view base_url) {
    const auto known = event_type(type);
    return known ? fmt::format("{}/openapi.json#/components/schemas/{}", base_url, known->schema)
                 : std::string();
}

}  // namespace sillage::server
