#include "engine/store/sqlite/first_timers.hpp"

namespace sillage {

void FirstTimers::replace(const std::string& instance, std::span<const StoredTimer> before,
                          std::span<const StoredTimer> after) {
    const StoredTimer* const old = first_of(before);
    const StoredTimer* const first = first_of(after);
    if (old != nullptr && first != nullptr && *old == *first) {
        return;
    }
    // The node goes on to the new place: most steps move the first timer.
    auto node = old == nullptr ? decltype(order_)::node_type()
                               : order_.extract(One{.timer = *old, .instance = &instance});
    if (first == nullptr) {
        return;
    }
    if (node) {
        node.value() = One{.timer = *first, .instance = &instance};
        order_.insert(std::move(node));
    } else {
        order_.insert(One{.timer = *first, .instance = &instance});
    }
}

}  // namespace sillage
