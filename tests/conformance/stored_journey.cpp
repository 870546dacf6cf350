#include "tests/conformance/stored_journey.hpp"

#include "engine/runtime/columns.hpp"

namespace sillage::test {
namespace {

/// Timers that one request may fire. Chosen: as a rehearsal.
constexpr std::size_t timers_max = rehearsed_timers_max;

/// Instances that one look takes; no test starts as many.
constexpr std::size_t instances_max = 200;

const InstanceId root{RehearsalSetup().instance};

Call call_at(Instant now) { return {.actor = {.id = "user"}, .now = now}; }

}  // namespace

template <class F>
Result<void> StoredJourney::commit(F work) {
    SILLAGE_TRY(auto transaction, runtime_.store().begin());
    Work open(runtime_, *transaction);
    SILLAGE_TRY(work(open));
    return transaction->commit();
}

Result<void> StoredJourney::start() {
    SILLAGE_TRY(commit([&](Work& work) -> Result<void> {
        SILLAGE_TRY(const Published published, work.publish(source_, "document.scxml", now_));
        SILLAGE_TRY(
            work.start({.id = root, .workflow = published.definition->name}, call_at(now_)));
        return success();
    }));
    return fire_due(now_);
}

Result<void> StoredJourney::send(const ScriptedEvent& event) {
    SILLAGE_TRY(commit([&](Work& work) -> Result<void> {
        SILLAGE_TRY(const Loaded loaded, work.load(root.value));
        SILLAGE_TRY(work.submit(loaded, {.event = event.name, .data = event.data}, call_at(now_)));
        return success();
    }));
    return fire_due(now_);
}

Result<void> StoredJourney::advance(Duration by) {
    SILLAGE_TRY(fire_due(now_ + by));
    now_ = now_ + by;
    return success();
}

Result<void> StoredJourney::fire_due(Instant until) {
    SILLAGE_TRY(const FireReport report, runtime_.fire_due(until, timers_max));
    if (!report.failures.empty()) {
        return report.failures.front().error;
    }
    return success();
}

Result<std::vector<std::string>> StoredJourney::leaves() {
    return runtime_.read([](Reader& reader) -> Result<std::vector<std::string>> {
        SILLAGE_TRY(const Loaded loaded, reader.load(root.value));
        return leaves_of(*loaded.definition, loaded.snapshot);
    });
}

Result<Steps> StoredJourney::replay() {
    SILLAGE_TRY(const auto view, runtime_.store().read());
    SILLAGE_TRY(const auto records, view->instances({.limit = instances_max}));
    Steps steps;
    for (const InstanceRecord& record : records) {
        SILLAGE_TRY(runtime_.replay(record.id, 0, [&](const Entry& entry, const Step& step) {
            steps.emplace(std::pair(entry.instance, entry.sequence), MadeStep{.step = step});
        }));
    }
    return steps;
}

}  // namespace sillage::test
