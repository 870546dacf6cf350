#include "engine/store/select.hpp"

#include <algorithm>
#include <tuple>

#include "engine/store/search_text.hpp"

namespace sillage {
namespace {

bool asks_for(const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
}

bool asks_for_one_of(const std::string& wanted, const std::vector<std::string>& values) {
    return wanted.empty() || std::ranges::find(values, wanted) != values.end();
}

bool is_admitted(const InstanceRecord& instance, const InstanceFilter& filter) {
    return !filter.admitted || std::ranges::any_of(*filter.admitted, [&](const auto& binding) {
        return asks_for(binding.cluster, instance.cluster) &&
               asks_for(binding.cohort, instance.cohort) &&
               asks_for(binding.company, instance.company) &&
               (asks_for(binding.instance, instance.id) ||
                std::ranges::find(instance.ancestors, binding.instance) !=
                    instance.ancestors.end());
    });
}

bool is_child_asked_for(const InstanceRecord& instance, const InstanceFilter& filter) {
    return !filter.parent ||
           *filter.parent == (instance.parent ? instance.parent->instance : std::string());
}

bool is_due(const InstanceRecord& instance, const InstanceFilter& filter) {
    return (!filter.overdue || *filter.overdue == instance.overdue) &&
           (!filter.due_before ||
            (instance.next_deadline && *instance.next_deadline < *filter.due_before));
}

}  // namespace

bool is_selected(const InstanceRecord& instance, const InstanceFilter& filter,
                 const std::function<std::string(const std::string& company)>& search_of) {
    return instance.id > filter.after && asks_for(filter.workflow, instance.workflow) &&
           (!filter.version || *filter.version == instance.version) &&
           asks_for(filter.cohort, instance.cohort) && asks_for(filter.cluster, instance.cluster) &&
           asks_for(filter.company, instance.company) && asks_for(filter.stage, instance.stage) &&
           asks_for_one_of(filter.state, instance.states) &&
           asks_for_one_of(filter.waiting_for, instance.waiting_for) &&
           asks_for(filter.key, instance.key) && is_due(instance, filter) &&
           is_child_asked_for(instance, filter) && is_admitted(instance, filter) &&
           (filter.q.empty() ||
            search_of(instance.company).find(fold_case(filter.q)) != std::string::npos);
}

bool fires_before(const StoredTimer& a, const StoredTimer& b) {
    return std::tie(a.due, a.started, a.state, a.id) < std::tie(b.due, b.started, b.state, b.id);
}

bool fires_before(const TimerRow& a, const TimerRow& b) {
    return fires_before(a.timer, b.timer) || (a.timer == b.timer && a.instance < b.instance);
}

const StoredTimer* first_of(std::span<const StoredTimer> timers) {
    const StoredTimer* first = nullptr;
    for (const StoredTimer& timer : timers) {
        if (first == nullptr || fires_before(timer, *first)) {
            first = &timer;
        }
    }
    return first;
}

}  // namespace sillage
