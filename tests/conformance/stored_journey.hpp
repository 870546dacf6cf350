#pragma once

#include <string>
#include <vector>

#include "engine/runtime/runtime.hpp"
#include "tests/conformance/straight_journey.hpp"

namespace sillage::test {

/// The same document in a store: published there, and every request begins by loading what the one
/// before saved.
class StoredJourney {
  public:
    /// The store must be empty, and outlive the journey. `source` is a Definition::source.
    StoredJourney(Store& store, std::string source) : runtime_(store), source_(std::move(source)) {}

    [[nodiscard]] Result<void> start();
    [[nodiscard]] Result<void> send(const ScriptedEvent& event);
    [[nodiscard]] Result<void> advance(Duration by);
    [[nodiscard]] Result<std::vector<std::string>> leaves();
    /// Folds the log of every instance through step again: the steps that it tells of.
    [[nodiscard]] Result<Steps> replay();

  private:
    /// Runs the work in a transaction and commits it.
    template <class F>
    Result<void> commit(F work);
    Result<void> fire_due(Instant until);

    Runtime runtime_;
    std::string source_;
    Instant now_ = journey_start;
};

}  // namespace sillage::test
