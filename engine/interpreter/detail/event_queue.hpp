#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <utility>
#include <vector>

#include "engine/base/name.hpp"
#include "engine/base/rare.hpp"
#include "engine/interpreter/detail/event_origin.hpp"
#include "engine/model/index.hpp"

namespace sillage {

/// An event on the internal queue, or the one being processed.
struct CurrentEvent {
    Name name = {};
    boost::json::value own_data = nullptr;
    /// In place of `own_data` when not null: lives as long as the event is processed.
    const boost::json::value* borrowed_data = nullptr;
    /// Sent by an account, not raised: `by` and `form` are asked.
    bool from_account = false;
    /// In SCXML, of an internal event. What an external one's is, the input tells.
    Rare<EventDetail> detail = {};
    /// Once it is processed; null: the definition does not mention it.
    const KnownEvent* known = nullptr;

    [[nodiscard]] const boost::json::value& data() const {
        return borrowed_data == nullptr ? own_data : *borrowed_data;
    }
};

/// The internal queue of one macrostep. Takes no memory before its first event, and keeps the room
/// of those it has given: a macrostep raises at most internal_events_max.
class EventQueue {
  public:
    [[nodiscard]] bool empty() const { return given_ == events_.size(); }
    void push_back(CurrentEvent event) { events_.push_back(std::move(event)); }
    /// The oldest event; there must be one.
    [[nodiscard]] CurrentEvent take_front() { return std::move(events_[given_++]); }
    void clear() { given_ = events_.size(); }

  private:
    std::vector<CurrentEvent> events_;
    std::size_t given_ = 0;
};

}  // namespace sillage
