#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/interpreter/explain.hpp"
#include "engine/model/step.hpp"

namespace sillage {

/// Timers that one command of a rehearsal may fire. Chosen: a daily one over 27 years; a timer that
/// starts itself anew without delay ends here.
inline constexpr std::size_t rehearsed_timers_max = 10'000;

/// What stands still, or begins, in a rehearsal.
struct RehearsalSetup {
    Instant now = {};
    boost::json::object company = {};
    boost::json::object cohort = {};
    /// Values in place of the context's defaults.
    boost::json::object context = {};
    /// Who starts the instance.
    Actor actor = {};
    /// BCP 47 tags for sentences, best first.
    std::vector<std::string> languages = {};
};

/// One step of a command: the command's own event, a queued send or a timer.
struct Happening {
    Event event = {};
    Instant at = {};
    Step step = {};
};

/// What a command did.
struct Performance {
    std::vector<Happening> happenings = {};
    /// event_refused: nothing happened. limit_exceeded, contract_broken: the step at fault was
    /// undone and an incident noted; of several the first.
    std::optional<Error> error = {};
};

/// Who acts: the roles named, or every declared one (not `system`) when none is. `system` is the
/// engine itself. Without an id: `user`.
[[nodiscard]] Actor rehearsed_actor(const Definition& definition, std::vector<std::string> roles,
                                    std::string id);

/// One instance in memory on a virtual clock: what `sillage simulate` and golden scenarios drive.
/// The clock stands still but for advance; what is due at its instant fires at once.
class Rehearsal {
  public:
    /// The definition must outlive it.
    Rehearsal(const Definition& definition, RehearsalSetup setup);

    /// Enters the initial configuration; to be called first, once. When it fails there is no
    /// instance: is_started() says so.
    [[nodiscard]] Performance start();
    /// An account's event, or the engine's when the actor holds `system`.
    [[nodiscard]] Performance send(const Event& event, const Actor& actor);
    /// Fires the timers due on the way in order, each at its own due instant, those started on the
    /// way too. Errors: invalid_argument: past the year 9999.
    [[nodiscard]] Performance advance(const CalendarDuration& by);

    /// The input of an event sent now.
    [[nodiscard]] Input input_for(const Event& event, const Actor& actor) const;
    [[nodiscard]] bool is_started() const { return snapshot_.sequence > 0; }
    [[nodiscard]] const Definition& definition() const { return definition_; }
    [[nodiscard]] const Snapshot& snapshot() const { return snapshot_; }
    [[nodiscard]] Instant now() const { return setup_.now; }

  private:
    /// A step and the sends it queues; false when it was refused. More sends than a request may
    /// cause undo all of it.
    bool run(const Input& input, Result<Step> outcome, Performance& performance);
    /// Keeps the outcome of one step or notes its incident; false when it was refused.
    bool keep(const Input& input, Result<Step> outcome, Performance& performance);
    void fire_due(Instant until, Performance& performance);

    const Definition& definition_;
    RehearsalSetup setup_;
    Snapshot snapshot_ = {};
};

}  // namespace sillage
