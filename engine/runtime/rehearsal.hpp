#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/interpreter/explain.hpp"
#include "engine/model/step.hpp"
#include "engine/runtime/decide.hpp"

namespace sillage {

/// Timers that one command of a rehearsal may fire. Chosen: a daily one over 27 years; a timer that
/// starts itself anew without delay ends here.
inline constexpr std::size_t rehearsed_timers_max = 10'000;

/// What stands still, or begins, in a rehearsal.
struct RehearsalSetup {
    Instant now = {};
    SharedValue<boost::json::object> company = {};
    SharedValue<boost::json::object> cohort = {};
    /// Values in place of the context's defaults.
    boost::json::object context = {};
    /// Who starts the instance.
    Actor actor = {};
    /// BCP 47 tags for sentences, best first.
    std::vector<std::string> languages = {};
    /// Id of the first instance.
    std::string instance = "ins_1";
    /// Finds the workflows that invokes name, as Kin; null: there are none.
    std::function<Result<DefinitionPointer>(const std::string& workflow,
                                            std::optional<std::int64_t> version)>
        workflows = {};
};

/// One step of a command: the command's own event, a queued send, a timer, or what relatives cause.
struct Happening {
    std::string instance = {};
    /// Invoke ids from the first instance to this one, joined by slashes. Ex. `tracks.0`; empty:
    /// the first one itself.
    std::string path = {};
    DefinitionPointer definition = nullptr;
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

/// A family in memory on a virtual clock: what `sillage simulate` and golden scenarios drive.
/// The clock stands still but for advance; what is due at its instant fires at once.
class Rehearsal {
  public:
    /// The definition must outlive it.
    Rehearsal(const Definition& definition, RehearsalSetup setup);

    /// Enters the initial configuration; to be called first, once. When it fails there is no
    /// instance: is_started() says so.
    [[nodiscard]] Performance start();
    /// An account's event, or the engine's when the actor holds `system`; for the first instance,
    /// or for another one. Errors: not_found: it does not exist.
    [[nodiscard]] Performance send(const Event& event, const Actor& actor,
                                   std::string_view path = {});
    /// Fires the timers due on the way in order, each at its own due instant, those started on the
    /// way too. Errors: invalid_argument: past the year 9999.
    [[nodiscard]] Performance advance(const CalendarDuration& by);

    /// The input of an event sent now, to the first instance or another.
    [[nodiscard]] Input input_for(const Event& event, const Actor& actor) const;
    [[nodiscard]] Input input_for(const Loaded& member, const Event& event,
                                  const Actor& actor) const;
    [[nodiscard]] bool is_started() const { return snapshot().sequence > 0; }
    [[nodiscard]] const Definition& definition() const { return *first().definition; }
    [[nodiscard]] const Snapshot& snapshot() const { return first().snapshot; }
    [[nodiscard]] Instant now() const { return setup_.now; }
    /// The instance of that path: the last that was started there. Null when there is none.
    [[nodiscard]] const Loaded* find(std::string_view path) const;
    /// The descendants, of each path the last that was started, by path.
    [[nodiscard]] std::map<std::string, const Loaded*> descendants() const;

  private:
    [[nodiscard]] const Loaded& first() const { return members_.at(setup_.instance); }
    [[nodiscard]] std::string path_of(const InstanceRecord& record) const;
    /// Serials from the first instance down: later is greater, among those of one path.
    [[nodiscard]] std::vector<std::uint64_t> birth_of(const InstanceRecord& record) const;
    /// How decisions find relatives here, and where they tell each step.
    [[nodiscard]] Kin kin(std::vector<Happening>& happenings) const;
    using Decide = std::function<Result<Decision>(const Kin& kin)>;
    /// Keeps what is decided; false when it is refused.
    bool perform(Performance& performance, const Decide& decide);
    void fire_due(Instant until, Performance& performance);
    /// The instance whose timer is the next to fire; null: none is pending.
    [[nodiscard]] const Loaded* next_to_fire() const;

    RehearsalSetup setup_;
    /// By id.
    std::map<std::string, Loaded> members_ = {};
};

}  // namespace sillage
