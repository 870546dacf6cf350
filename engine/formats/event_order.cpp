#include "engine/formats/detail/event_order.hpp"

#include <algorithm>
#include <string_view>

namespace sillage {
namespace {

/// The shortest event that a descriptor is about. Ex. `a.b` of `a.b.*`.
std::string_view stem_of(std::string_view descriptor) {
    return descriptor.ends_with(".*") ? descriptor.substr(0, descriptor.size() - 2) : descriptor;
}

/// Whether it matches its stem alone, nothing below.
bool is_exact(const std::string& descriptor) {
    return descriptor != "*" && !event_matches(descriptor + ".x", descriptor);
}

/// Whether `wide` matches whatever `narrow` does.
bool covers(const std::string& wide, const std::string& narrow) {
    return wide == "*" || wide == narrow ||
           (!is_exact(wide) && event_matches(stem_of(narrow), wide));
}

bool overlap(const std::string& a, const std::string& b) {
    return a == "*" || b == "*" || event_matches(stem_of(a), b) || event_matches(stem_of(b), a);
}

/// Two that overlap are nested: the longer stem is the narrower one.
bool is_narrower(const EventKey& a, const EventKey& b) {
    const auto width = [](const std::string& event) {
        const std::size_t length = event == "*" ? 0 : stem_of(event).size();
        return std::pair(length, is_exact(event));
    };
    return width(a.event) > width(b.event);
}

struct Pair {
    std::string event;
    TransitionIndex transition;
};

/// `error` alone could be an account's event; `error.*` matches the same and is the engine's.
std::string written(const std::string& descriptor) {
    return descriptor == "error" ? "error.*" : descriptor;
}

std::vector<Pair> pairs_of(const Definition& definition, const State& state) {
    std::vector<Pair> pairs;
    for (const TransitionIndex index : state.transitions) {
        for (const std::string& event : definition.transitions[index].events) {
            pairs.push_back({written(event), index});
        }
    }
    return pairs;
}

void add_to(std::vector<EventKey>& keys, const Pair& pair) {
    auto key = std::ranges::find(keys, pair.event, &EventKey::event);
    if (key == keys.end()) {
        key = keys.insert(keys.end(), EventKey{.event = pair.event});
    }
    key->transitions.push_back(pair.transition);
}

bool keeps_order(const EventKeys& keys) {
    std::vector<Pair> sequence;
    const auto append = [&sequence](const std::vector<EventKey>& some) {
        for (const EventKey& key : some) {
            for (const TransitionIndex transition : key.transitions) {
                sequence.push_back({key.event, transition});
            }
        }
    };
    append(keys.after_first ? keys.after : keys.on);
    append(keys.after_first ? keys.on : keys.after);
    for (std::size_t later = 1; later < sequence.size(); ++later) {
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            if (sequence[earlier].transition > sequence[later].transition &&
                overlap(sequence[earlier].event, sequence[later].event)) {
                return false;
            }
        }
    }
    return true;
}

/// Each key with all that it matches, the narrowest first: the first key of an event then says
/// all, and what wider ones repeat after it has been tried.
std::vector<EventKey> complete_keys(const std::vector<Pair>& pairs) {
    std::vector<EventKey> keys;
    for (const Pair& pair : pairs) {
        if (std::ranges::find(keys, pair.event, &EventKey::event) == keys.end()) {
            keys.push_back({.event = pair.event});
        }
    }
    for (EventKey& key : keys) {
        for (const Pair& pair : pairs) {
            const bool is_new =
                key.transitions.empty() || key.transitions.back() != pair.transition;
            if (is_new && covers(pair.event, key.event)) {
                key.transitions.push_back(pair.transition);
            }
        }
    }
    std::ranges::stable_sort(keys, is_narrower);
    return keys;
}

}  // namespace

EventKeys event_keys(const Definition& definition, StateIndex index) {
    const State& state = definition.state(index);
    const std::vector<Pair> pairs = pairs_of(definition, state);
    EventKeys keys;
    for (const DelayedEvent& delayed : state.after) {
        keys.after.push_back({.event = delayed.event.text()});
    }
    for (const Pair& pair : pairs) {
        const bool is_timer =
            std::ranges::find(keys.after, pair.event, &EventKey::event) != keys.after.end();
        add_to(is_timer ? keys.after : keys.on, pair);
        keys.after_first = keys.after_first || (is_timer && keys.on.empty());
    }
    if (keeps_order(keys)) {
        return keys;
    }
    keys.after_first = !keys.after_first;
    if (!keeps_order(keys)) {
        keys.on = complete_keys(pairs);
        keys.after_first = false;
    }
    return keys;
}

}  // namespace sillage
