#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "engine/model/definition.hpp"
#include "engine/store/record.hpp"

// Messages for webhooks and the live stream, as data. Nothing stores them: they follow from the log
// entry, so none is lost and none is told of what never happened.

namespace sillage {

/// A message: a CloudEvents `type` and its `data`.
struct Message {
    /// `sillage.instance.…`, `sillage.notification`, or what a workflow's `emit` names.
    std::string type = {};
    boost::json::object payload = {};

    bool operator==(const Message&) const = default;
};

/// What an entry of an instance tells the world, in this order: `sillage.instance.started`,
/// `.deadline_approaching` or `.deadline_expired`, `.transition`, the effects' `emit` (its own
/// type) and `notify` (`sillage.notification`) as they were executed, `.stage_changed`,
/// `.finished`, `.incident`. Every payload names the instance, its workflow, cluster, company and
/// cohort (null without one), the sequence and the instant. `definition` is the one that decided;
/// `subject` what the instance is (of its first entry, or birth_of its record). An entry whose
/// payload was erased tells no more than its states do.
[[nodiscard]] std::vector<Message> messages_of(const Definition& definition, const Birth& subject,
                                               const Entry& entry);

}  // namespace sillage
