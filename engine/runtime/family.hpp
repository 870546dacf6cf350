#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/runtime/decide.hpp"
#include "engine/runtime/ledger.hpp"

// One request's work over a family: the first instance's step, then whatever that asks for, in the
// order in which it was asked: queued sends, events for relatives, children to start or to cancel,
// and what those ask for in turn. It commits together; nothing here writes.

namespace sillage {

/// Generations of a family below its first instance. Chosen: twice what a network, a programme, a
/// company, a market and its authorities would nest; a workflow that invokes itself ends here.
inline constexpr std::size_t generations_max = 10;

/// The id of a child: no other than its parent's and its serial make, so that a repeat makes the
/// same one. Sortable by `now`, when it is started.
[[nodiscard]] std::string child_id(std::string_view parent, std::uint64_t serial, Instant now);

class Family {
  public:
    Family(const Kin& kin, const Loaded& first, std::string idempotency_key);

    /// The first instance begins. Errors: as start.
    [[nodiscard]] Result<void> start(const Input& input);
    /// An event of the first instance. Errors: as step; also event_refused, with everybody's
    /// reasons, when only children could have taken it and none does.
    [[nodiscard]] Result<void> run(const Input& input);
    /// A step of the first instance that runs no event. Errors: limit_exceeded.
    [[nodiscard]] Result<void> add(const Input& input, Step step);
    /// Does what the steps so far asked for. Errors: limit_exceeded: more than steps_max steps.
    [[nodiscard]] Result<void> settle(const Input& cause);
    /// Writes that the first instance's event was undone.
    void add_incident(const Input& input, const Error& error);

    [[nodiscard]] Decision take();

  private:
    /// A child came to its end.
    struct ChildEnd {};
    /// What is still to do, on whose behalf. A forwarded event keeps who sent it.
    struct Task {
        std::string of;
        std::variant<Send, StartChild, CancelChild, ChildEnd> what;
        Actor actor = {};
        bool from_account = false;
    };

    Result<void> perform(const Task& task, const Send& send);
    Result<void> perform(const Task& task, const StartChild& start);
    Result<void> perform(const Task& task, const CancelChild& cancel);
    Result<void> perform(const Task& task, const ChildEnd& end);

    Result<void> run_queued(const std::string& instance);
    Result<void> forward(const Task& task, const Send& send);
    Result<void> send_to_parent(const std::string& from, Event event);
    Result<void> send_to_peer(const std::string& from, const Send& send);
    /// Tells the parent, unless it no longer has the child.
    Result<void> tell_parent(const ParentLink& link, Event event);
    /// A child before its first step. Errors: not_found, definition_invalid, invalid_argument.
    Result<Loaded> unborn(const Loaded& parent, const StartChild& start);
    /// Its first step. Errors: as start.
    Result<void> bear(Loaded child, const StartChild& start);

    /// Runs an event of any member: what it may not do, it just does not do.
    Result<void> deliver(const std::string& to, const Input& input);
    Result<void> enter(const std::string& id, const Input& input, Step step);
    /// Why no child takes what the step would forward to them; nothing: one does.
    Result<std::optional<std::vector<Reason>>> refusals_of_children(const Loaded& parent,
                                                                    const Input& input,
                                                                    const Step& step);
    [[nodiscard]] Input forwarded_input(const Loaded& child, const Task& task,
                                        const Send& send) const;

    Loaded& first() { return members_.at(first_); }
    /// Errors: not_found.
    Result<Loaded*> member(const std::string& id);
    /// Null: it was never started, or has ended.
    Result<Loaded*> running_child(const std::string& parent, std::uint64_t serial);
    [[nodiscard]] Input input_for(const Loaded& member, Event event, Actor actor) const;
    /// Of the next entry; the key is the first one's alone.
    [[nodiscard]] EntryMark mark(bool takes_key);
    /// Counts a step. Errors: limit_exceeded.
    Result<void> count();

    const Kin& kin_;
    std::string first_;
    std::string key_;
    std::map<std::string, Loaded, std::less<>> members_ = {};
    std::deque<Task> tasks_ = {};
    std::size_t step_count_ = 0;
    Instant now_ = {};
    Decision decision_ = {};
};

}  // namespace sillage
