#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/runtime/rehearsal.hpp"
#include "engine/runtime/runtime.hpp"
#include "tests/conformance/suite.hpp"

namespace sillage::test {

/// Where every test begins. Chosen: as `sillage simulate`.
inline constexpr Instant journey_start{1'798'761'600'000};

/// A step of one instance, which may be a child and then has a definition of its own.
struct MadeStep {
    DefinitionPointer definition = nullptr;
    Step step = {};
};

/// Of a family of instances, every step: by instance and sequence.
using Steps = std::map<std::pair<std::string, std::uint64_t>, MadeStep>;

/// A test's document in memory, on a virtual clock: nothing is saved.
class StraightJourney {
  public:
    explicit StraightJourney(DefinitionPointer definition);

    [[nodiscard]] Result<void> start();
    /// Errors: contract_broken: explain did not predict what it does.
    [[nodiscard]] Result<void> send(const ScriptedEvent& scripted);
    [[nodiscard]] Result<void> advance(Duration by);
    /// Ids of the active atomic states; of the final one once it ended.
    [[nodiscard]] Result<std::vector<std::string>> leaves() const;
    [[nodiscard]] const Steps& steps() const { return steps_; }

  private:
    Result<void> take(Performance performance);

    DefinitionPointer definition_;
    Rehearsal rehearsal_;
    Steps steps_ = {};
};

}  // namespace sillage::test
