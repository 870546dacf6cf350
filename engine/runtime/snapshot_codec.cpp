#include "engine/runtime/snapshot_codec.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/model/context.hpp"
#include "engine/store/entry_json.hpp"
#include "engine/store/json_reader.hpp"

// Instants and durations stand as milliseconds. Every member is always written, so that the reader
// can ask for each and a snapshot has one spelling. Order is the struct's, maps by their keys.

namespace sillage {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<TimerKind, std::string_view>, 4> timer_kinds{
    {{TimerKind::after, "after"},
     {TimerKind::deadline, "deadline"},
     {TimerKind::reminder, "reminder"},
     {TimerKind::send, "send"}}};

class Encoder {
  public:
    /// What it gives lives as long as the memory it is given.
    Encoder(const Definition& definition, json::storage_ptr memory)
        : definition_(definition), memory_(std::move(memory)) {}

    json::object snapshot(const Snapshot& snapshot) const {
        return json::object(
            {{"sequence", snapshot.sequence},
             {"at", snapshot.at.milliseconds},
             {"configuration", states(snapshot.configuration)},
             {"history",
              by_state(snapshot.history,
                       [&](const auto& stored) -> json::value { return states(stored); })},
             {"context", context_object(definition_, snapshot, memory_)},
             {"entered", by_state(snapshot.entered,
                                  [](Instant at) -> json::value { return at.milliseconds; })},
             {"last", last(snapshot)},
             {"timers", list(snapshot.timers, [&](const Timer& one) { return timer(one); })},
             {"next_timer_id", snapshot.next_timer_id},
             {"kept", by_state(snapshot.kept, [&](const auto& one) { return kept(one); })},
             {"overdue", states(snapshot.overdue)},
             {"queue", list(snapshot.queue, [&](const auto& one) { return queued(one); })},
             {"children", list(snapshot.children, [&](const Child& one) { return child(one); })},
             {"next_child", snapshot.next_child},
             {"next_made_id", snapshot.next_made_id},
             {"done", snapshot.done},
             {"ended_in", snapshot.ended_in ? json::value(id(*snapshot.ended_in)) : json::value()},
             {"output", snapshot.output},
             {"incident", snapshot.incident ? incident(*snapshot.incident) : json::value()}},
            memory_);
    }

  private:
    const std::string& id(StateIndex state) const { return definition_.state(state).id; }

    json::array states(const std::vector<StateIndex>& indexes) const {
        json::array ids(memory_);
        for (const StateIndex index : indexes) {
            ids.emplace_back(id(index));
        }
        return ids;
    }

    template <class Map, class Write>
    json::object by_state(const Map& map, const Write& write) const {
        json::object members(memory_);
        for (const auto& [state, value] : map) {
            members.emplace(id(state), write(value));
        }
        return members;
    }

    template <class List, class Write>
    json::array list(const List& items, const Write& write) const {
        json::array values(memory_);
        for (const auto& item : items) {
            values.push_back(write(item));
        }
        return values;
    }

    json::object last(const Snapshot& snapshot) const {
        json::object members(memory_);
        for (const auto& [event, taken] : snapshot.last) {
            json::object member(
                {{"at", taken.at.milliseconds}, {"by", taken.by}, {"count", taken.count}}, memory_);
            if (!taken.on_behalf_of.empty()) {
                member.emplace("on_behalf_of", taken.on_behalf_of);
            }
            members.emplace(event, std::move(member));
        }
        return members;
    }

    json::value timer(const Timer& timer) const {
        return json::object({{"id", timer.id},
                             {"kind", timer_kinds[static_cast<std::size_t>(timer.kind)].second},
                             {"state", id(timer.state)},
                             {"event", timer.event},
                             {"data", timer.data()},
                             {"due", timer.due.milliseconds},
                             {"started", timer.started.milliseconds},
                             {"send_id", timer.send_id()},
                             {"to", timer.to()},
                             {"failed", timer.failed}},
                            memory_);
    }

    json::value kept(const KeptDeadline& kept) const {
        return json::object(
            {{"left", kept.left.milliseconds},
             {"reminders_left", list(kept.reminders_left,
                                     [](Duration left) { return json::value(left.milliseconds); })},
             {"expired", kept.expired}},
            memory_);
    }

    json::value queued(const QueuedEvent& queued) const {
        return json::object(
            {{"event", queued.event}, {"data", queued.data}, {"send_id", queued.send_id}}, memory_);
    }

    json::value child(const Child& child) const {
        return json::object({{"serial", child.serial},
                             {"invoke_id", child.invoke_id},
                             {"state", id(child.state)},
                             {"invoke", child.invoke},
                             {"done", child.done},
                             {"output", child.output}},
                            memory_);
    }

    json::value incident(const Incident& incident) const {
        return json::object({{"code", incident.code},
                             {"message", incident.message},
                             {"event", incident.event},
                             {"sequence", incident.sequence}},
                            memory_);
    }

    const Definition& definition_;
    json::storage_ptr memory_;
};

class Decoder {
  public:
    explicit Decoder(const Definition& definition) : definition_(definition) {}

    Result<Snapshot> snapshot(const json::object& object) {
        Snapshot snapshot{
            .sequence = reader_.unsigned_integer(object, "sequence"),
            .at = Instant{reader_.integer(object, "at")},
            .configuration = states(reader_.array(object, "configuration")),
            .history = by_state<std::vector<StateIndex>>(
                object, "history",
                [&](const json::value& stored) { return states(as_array(stored)); }),
            .context = context(reader_.object(object, "context")),
            .entered = by_state<Instant>(
                object, "entered",
                [&](const json::value& at) { return Instant{reader_.integer(at)}; }),
            .last = last(reader_.object(object, "last")),
            .timers =
                list<Timer>(object, "timers", [&](const json::object& one) { return timer(one); }),
            .next_timer_id = reader_.unsigned_integer(object, "next_timer_id"),
            .kept = by_state<KeptDeadline>(
                object, "kept", [&](const json::value& one) { return kept(reader_.object(one)); }),
            .overdue = states(reader_.array(object, "overdue")),
            .queue = list<QueuedEvent>(object, "queue",
                                       [&](const json::object& one) { return queued(one); }),
            .children = list<Child>(object, "children",
                                    [&](const json::object& one) { return child(one); }),
            .next_child = reader_.unsigned_integer(object, "next_child"),
            .next_made_id = reader_.unsigned_integer(object, "next_made_id"),
            .done = reader_.boolean(object, "done"),
            .ended_in = ended_in(reader_.member(object, "ended_in")),
            .output = reader_.member(object, "output"),
            .incident = incident(reader_.member(object, "incident")),
        };
        SILLAGE_TRY(reader_.verdict("a snapshot"));
        return snapshot;
    }

  private:
    StateIndex state(std::string_view id) {
        if (id.empty()) {
            return root_state;
        }
        const std::optional<StateIndex> found = definition_.find_state(id);
        if (!found) {
            reader_.complain("the workflow has no state \"" + std::string(id) + "\"");
        }
        return found.value_or(root_state);
    }

    ContextValues context(const json::object& object) {
        ContextValues values;
        values.reserve(definition_.context.size());
        for (const Field& field : definition_.context) {
            values.push_back(reader_.member(object, field.name));
        }
        if (object.size() > definition_.context.size()) {
            reader_.complain("the workflow has not all these context fields");
        }
        return values;
    }

    const json::array& as_array(const json::value& value) {
        static const json::array none;
        if (const json::array* found = value.if_array()) {
            return *found;
        }
        reader_.complain("a list is missing");
        return none;
    }

    std::vector<StateIndex> states(const json::array& ids) {
        std::vector<StateIndex> indexes;
        for (const json::value& id : ids) {
            indexes.push_back(state(reader_.text(id)));
        }
        return indexes;
    }

    template <class T, class Read>
    FlatMap<StateIndex, T> by_state(const json::object& object, std::string_view name,
                                    const Read& read) {
        FlatMap<StateIndex, T> map;
        for (const auto& member : reader_.object(object, name)) {
            map.emplace(state(member.key()), read(member.value()));
        }
        return map;
    }

    template <class T, class Read>
    std::vector<T> list(const json::object& object, std::string_view name, const Read& read) {
        std::vector<T> items;
        for (const json::value& item : reader_.array(object, name)) {
            items.push_back(read(reader_.object(item)));
        }
        return items;
    }

    FlatMap<Name, LastTaken> last(const json::object& object) {
        FlatMap<Name, LastTaken> events;
        for (const auto& member : object) {
            const json::object& taken = reader_.object(member.value());
            events.emplace(std::string(member.key()),
                           LastTaken{.at = Instant{reader_.integer(taken, "at")},
                                     .by = reader_.text(taken, "by"),
                                     .count = reader_.integer(taken, "count"),
                                     .on_behalf_of = taken.contains("on_behalf_of")
                                                         ? reader_.text(taken, "on_behalf_of")
                                                         : std::string()});
        }
        return events;
    }

    TimerKind timer_kind(std::string_view name) {
        for (const auto& [kind, known] : timer_kinds) {
            if (name == known) {
                return kind;
            }
        }
        reader_.complain("a timer's kind is unknown");
        return TimerKind::after;
    }

    Timer timer(const json::object& object) {
        return Timer{
            .id = reader_.unsigned_integer(object, "id"),
            .kind = timer_kind(reader_.text(object, "kind")),
            .state = state(reader_.text(object, "state")),
            .event = reader_.text(object, "event"),
            .due = Instant{reader_.integer(object, "due")},
            .started = Instant{reader_.integer(object, "started")},
            .sent = sent_with({.data = reader_.member(object, "data"),
                               .send_id = reader_.text(object, "send_id"),
                               .to = reader_.text(object, "to")}),
            .failed = reader_.boolean(object, "failed"),
        };
    }

    KeptDeadline kept(const json::object& object) {
        KeptDeadline kept{.left = Duration{reader_.integer(object, "left")},
                          .expired = reader_.boolean(object, "expired")};
        for (const json::value& left : reader_.array(object, "reminders_left")) {
            kept.reminders_left.push_back(Duration{reader_.integer(left)});
        }
        return kept;
    }

    QueuedEvent queued(const json::object& object) {
        return QueuedEvent{.event = reader_.text(object, "event"),
                           .data = reader_.member(object, "data"),
                           .send_id = reader_.text(object, "send_id")};
    }

    Child child(const json::object& object) {
        return Child{
            .serial = reader_.unsigned_integer(object, "serial"),
            .invoke_id = reader_.text(object, "invoke_id"),
            .state = state(reader_.text(object, "state")),
            .invoke = static_cast<std::uint32_t>(reader_.unsigned_integer(object, "invoke")),
            .done = reader_.boolean(object, "done"),
            .output = reader_.member(object, "output")};
    }

    std::optional<StateIndex> ended_in(const json::value& value) {
        if (value.is_null()) {
            return std::nullopt;
        }
        return state(reader_.text(value));
    }

    std::optional<Incident> incident(const json::value& value) {
        if (value.is_null()) {
            return std::nullopt;
        }
        const json::object& object = reader_.object(value);
        return Incident{.code = reader_.text(object, "code"),
                        .message = reader_.text(object, "message"),
                        .event = reader_.text(object, "event"),
                        .sequence = reader_.unsigned_integer(object, "sequence")};
    }

    const Definition& definition_;
    JsonReader reader_;
};

}  // namespace

std::string encode_snapshot(const Definition& definition, const Snapshot& snapshot) {
    JsonScratch scratch;
    return to_json_text(Encoder(definition, scratch.memory()).snapshot(snapshot));
}

Result<Snapshot> decode_snapshot(const Definition& definition, std::string_view text) {
    SILLAGE_TRY(const json::object object, stored_object(text));
    return Decoder(definition).snapshot(object);
}

}  // namespace sillage
