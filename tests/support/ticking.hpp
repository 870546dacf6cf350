#pragma once

#include <string>

#include "engine/runtime/runtime.hpp"
#include "engine/store/memory/memory_store.hpp"
#include "tests/support/ok.hpp"

namespace sillage::test {

/// A runtime over a store in memory, with a workflow whose instances wait ten days in `first`, ten
/// in `second`, and end in `last`, all by timers.
struct Ticking {
    Ticking() {
        constexpr std::string_view source =
            "workflow: ticking\n"
            "version: 1\n"
            "initial: first\n"
            "states:\n"
            "  first: { after: { 10 days: { target: second } } }\n"
            "  second: { after: { 10 days: { target: last } } }\n"
            "  last: { type: final }\n";
        std::vector<Finding> findings;
        ok(runtime.perform(std::nullopt, [&](Work& work) {
            ok(work.publish(source, "ticking.yaml", Instant{0}, &findings));
            ok(work.put_record(Record{.kind = RecordKind::cluster,
                                      .id = "clu_1",
                                      .revision = 1,
                                      .body = {{"name", "Cosmetic Valley"}}}));
            ok(work.put_record(Record{.kind = RecordKind::company,
                                      .id = "com_1",
                                      .revision = 1,
                                      .cluster = "clu_1",
                                      .body = {{"name", "Maison"}, {"cluster", "clu_1"}}}));
            return Answer{};
        }));
    }

    void start(const std::string& id, Instant now) {
        ok(runtime.perform(std::nullopt, [&](Work& work) {
            const StartCommand command{
                .id = {id}, .workflow = "ticking", .company = "com_1", .key = id};
            ok(work.start(command,
                          Call{.actor = {.id = "acc_1", .roles = {"manager"}}, .now = now}));
            return Answer{};
        }));
    }

    /// The instants of its log, oldest first.
    std::vector<std::string> log_of(const std::string& id) {
        std::vector<std::string> instants;
        const auto view = ok(store.read());
        for (const Entry& entry : ok(view->entries(id, 0, 100))) {
            instants.push_back(to_string(entry.at).substr(0, 10));
        }
        return instants;
    }

    MemoryStore store;
    Runtime runtime{store};
};

}  // namespace sillage::test
