#include "engine/model/snapshot.hpp"

#include <algorithm>
#include <utility>

namespace sillage {
namespace {

const Sent& sent_of(const Timer& timer) {
    static const Sent none;
    return timer.sent ? *timer.sent : none;
}

}  // namespace

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
