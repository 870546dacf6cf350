#include "engine/model/snapshot.hpp"

#include <algorithm>
#include <utility>

namespace sillage {
namespace {

const Sent& sent_of(const Timer& timer) {
    static const Sent none;
    return timer.sent ? *timer.sent : none;
}

void copy_onto(boost::json::value& to, const boost::json::value& from) {
    if (const auto* integer = from.if_int64(); integer != nullptr && to.is_int64()) {
        to.get_int64() = *integer;
    } else if (const auto* text = from.if_string(); text != nullptr && to.is_string()) {
        to.get_string() = *text;
    } else if (!from.is_null() || !to.is_null()) {
        to = from;
    }
}

/// For what few snapshots have.
template <class Container>
void copy_rare(Container& to, const Container& from) {
    if (!to.empty() || !from.empty()) {
        to = from;
    }
}

}  // namespace

void copy_onto(Snapshot& to, const Snapshot& from) {
    to.sequence = from.sequence;
    to.at = from.at;
    to.configuration = from.configuration;
    copy_rare(to.history, from.history);
    to.context = from.context;
    to.entered = from.entered;
    to.last = from.last;
    copy_rare(to.timers, from.timers);
    to.next_timer_id = from.next_timer_id;
    copy_rare(to.kept, from.kept);
    copy_rare(to.overdue, from.overdue);
    copy_rare(to.queue, from.queue);
    copy_rare(to.children, from.children);
    to.next_child = from.next_child;
    to.next_made_id = from.next_made_id;
    to.done = from.done;
    to.ended_in = from.ended_in;
    copy_onto(to.output, from.output);
    to.incident = from.incident;
}

ContextValues& ContextValues::operator=(const ContextValues& other) {
    if (this == &other) {
        return *this;
    }
    resize(other.size());
    for (std::size_t i = 0; i < size(); ++i) {
        copy_onto((*this)[i], other[i]);
    }
    return *this;
}

Rare<Sent> sent_with(Sent sent) {
    return sent == Sent{} ? Rare<Sent>() : Rare<Sent>(std::move(sent));
}

const boost::json::value& Timer::data() const { return sent_of(*this).data; }
const std::string& Timer::send_id() const { return sent_of(*this).send_id; }
const std::string& Timer::to() const { return sent_of(*this).to; }

const Child* find_running_child(const Snapshot& snapshot, std::uint64_t serial) {
    const auto found = std::ranges::find(snapshot.children, serial, &Child::serial);
    return found == snapshot.children.end() || found->done ? nullptr : &*found;
}

bool is_active(const Snapshot& snapshot, StateIndex state) {
    return std::ranges::binary_search(snapshot.configuration, state);
}

}  // namespace sillage
