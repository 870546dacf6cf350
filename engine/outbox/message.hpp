#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/step.hpp"

// Messages for webhooks and the live stream, as data. They are stored with the step that caused
// them, so none is lost and none is told of what never happened.

namespace sillage {

/// A message: a CloudEvents `type` and its `data`.
struct Message {
    /// `sillage.instance.…`, `sillage.notification`, or what a workflow's `emit` names.
    std::string type = {};
    boost::json::object payload = {};

    bool operator==(const Message&) const = default;
};

/// The instance a message is about. Empty where it has none.
struct Subject {
    std::string instance = {};
    std::string workflow = {};
    std::int64_t version = 0;
    std::string company = {};
    std::string cohort = {};
    std::string cluster = {};
    std::string key = {};
};

/// One log entry, as far as messages tell of it.
struct Occurrence {
    std::uint64_t sequence = 0;
    Instant at = {};
    /// Account id, or `system`.
    std::string actor = {};
    std::string event = {};
    EventOrigin origin = EventOrigin::account;
    /// Ids of the active atomic states before and after.
    std::vector<std::string> from = {};
    std::vector<std::string> to = {};
    /// Names of the top-level states; `stage_from` is empty at the start.
    std::string stage_from = {};
    std::string stage_to = {};
    /// As in language.md, section 10.
    boost::json::array taken = {};
    /// The instance ended with this entry.
    bool finished = false;
    /// The incident that this entry tells of.
    std::optional<Incident> incident = {};
};

/// What an entry and its effects tell the world, in this order: `sillage.instance.started`,
/// `.deadline_approaching` or `.deadline_expired`, `.transition`, the effects' `emit` (its own
/// type) and `notify` (`sillage.notification`) as they were executed, `.stage_changed`,
/// `.finished`, `.incident`. Every payload names the instance, its workflow, cluster, company and
/// cohort (null without one), the sequence and the instant.
[[nodiscard]] std::vector<Message> messages_of(const Subject& subject, const Occurrence& occurrence,
                                               const std::vector<Effect>& effects);

}  // namespace sillage
