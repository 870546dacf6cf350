#pragma once

#include <map>
#include <memory>

#include "engine/base/result.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/step.hpp"

namespace sillage::test {

/// One instance by bare steps: nothing is stored, encoded or shared with the runtime's own code.
class StraightRun {
  public:
    StraightRun(std::shared_ptr<const Definition> definition, Instant begin)
        : definition_(std::move(definition)), now_(begin) {}

    /// False when it does not start.
    bool start(const Actor& actor);
    /// An account's event and what it queues, then what is due; false when it is refused.
    bool send(const std::string& event, const boost::json::value& data, const Actor& actor);
    /// Fires what is due on the way, each timer at its instant.
    void advance(Duration by);

    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] const Snapshot& snapshot() const { return snapshot_; }
    /// All that were kept, by sequence, without the records of incidents.
    [[nodiscard]] const std::map<std::uint64_t, Step>& steps() const { return steps_; }

  private:
    [[nodiscard]] Input input_of(Event event, Actor actor) const;
    /// Runs what is queued; false when more follows than one event may cause.
    bool drain();
    /// A step and the sends it queues; false when it is refused.
    bool run(const Input& input);
    /// False when there is nothing to keep: a refusal.
    bool keep(const Input& input, Result<Step> outcome);
    void fire_due(Instant until);

    std::shared_ptr<const Definition> definition_;
    Instant now_;
    Snapshot snapshot_ = {};
    std::map<std::uint64_t, Step> steps_ = {};
};

}  // namespace sillage::test
