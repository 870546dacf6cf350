#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/runtime.hpp"
#include "tests/engine/store/fixture.hpp"

namespace sillage::test {

/// A runtime over a fresh store, with what a test says in one line.
struct Bench {
    OpenStore open = fresh_store();
    std::unique_ptr<Runtime> runtime = std::make_unique<Runtime>(*open.store);

    /// Closes the store and opens it again under a new runtime.
    void restart();
    /// Publishes the file.
    void publish(std::string_view yaml);
    /// Writes the next revision of `com_1` or `coh_1`.
    void put(RecordKind kind, boost::json::object body);
    /// Starts `id` of that workflow for `com_1` in `coh_1`, at second 1.
    Receipt start(const std::string& workflow, const std::string& id = "ins_1");
    /// Sends as `acc_1` with the role `sme`, at that second.
    Result<Receipt> send(const std::string& event, std::int64_t second,
                         boost::json::value data = nullptr, const std::string& id = "ins_1");
    /// Of the committed instance.
    InstanceRecord record(const std::string& id = "ins_1");
    std::vector<Entry> entries(const std::string& id = "ins_1");
    /// Whether every stored instance is what its log gives.
    void check_replay();
};

/// Who sends in a bench.
[[nodiscard]] Call sme_at(std::int64_t second);

/// A bench with `journey_yaml` published and `com_1` and `coh_1` registered.
[[nodiscard]] Bench journey_bench();

/// A small workflow with most of what a step can do: forms, guards, contracts, timers, sends,
/// parallel regions, history, messages.
[[nodiscard]] std::string_view journey_yaml();

}  // namespace sillage::test
