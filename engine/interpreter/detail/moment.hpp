#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/cel/evaluate.hpp"
#include "engine/interpreter/detail/event_origin.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/index.hpp"
#include "engine/model/step.hpp"

namespace sillage {

/// All that an expression can see: the instance as it is now, and the event being processed.
/// References into whoever asks; made for the call.
struct Moment {
    const Definition& definition;
    const Snapshot& snapshot;
    const Input& input;
    /// Of the event being processed: the external one, or an internal one that it caused.
    std::string_view event = {};
    /// What the definition knows of it, where whoever asks has looked it up; else null.
    const KnownEvent* known = nullptr;
    const boost::json::value& event_data;
    /// How the data is declared; null: not at all.
    const std::vector<Field>* form = nullptr;
    /// The event comes from an account and is not raised: `by` and `form` are asked.
    bool asks_account = false;
    /// Loop variables, by slot; null: none is in sight.
    const std::vector<Value>* loop_values = nullptr;
    /// What a `.scxml` document may know of an internal event; null: it is the input's.
    const EventDetail* origin = nullptr;
    /// `actor.id` is in whose place the actor acts.
    bool names_principal = false;
    /// Of which events `last().by` is in whose place it was done: a bit for each that was last
    /// taken in another's place, in order of the snapshot; the last bit is for all further ones.
    std::uint64_t principal_lasts = 0;
};

/// Who `actor.id` and `event.by` are.
[[nodiscard]] const Name& acting_id(const Moment& moment);
/// Who `last().by` is.
[[nodiscard]] const Name& taker_id(const Moment& moment, const LastTaken& last);

/// Whether somebody acts in another's place, or did when an event was last taken.
[[nodiscard]] bool names_principals(const Moment& moment);

/// The moment as the rule holds least in it. Who acts in another's place counts as both of them,
/// and so does who did, each time: the rule has to hold whichever of the two is meant, so that two
/// persons are never one in two places. With nobody in another's place: the moment itself.
[[nodiscard]] Moment strictest_view(const Moment& moment, const Expression& rule);

/// The moment before a step: its own event, nothing yet done.
[[nodiscard]] Moment moment_before(const Definition& definition, const Snapshot& before,
                                   const Input& input);

/// The same with other data of the event, declared by `form` (null: not at all).
[[nodiscard]] Moment with_data(const Moment& moment, const boost::json::value& data,
                               const std::vector<Field>* form);

/// Errors: as evaluate of engine/cel.
[[nodiscard]] Result<Value> evaluate_at(const Moment& moment, const Expression& expression);

/// Errors: expression_failed: also when the value is not a boolean.
[[nodiscard]] Result<bool> holds(const Moment& moment, const Expression& expression);

/// The instant of an expression over timestamps. Errors: as evaluate_at; expression_failed: another
/// type.
[[nodiscard]] Result<Instant> instant_at(const Moment& moment, const Expression& expression);

/// The instant of a timestamp; parts of a millisecond are dropped.
/// Errors: expression_failed: another value.
[[nodiscard]] Result<Instant> instant_of(const Value& value);

/// When something is due that comes `delay` after `from`. An expression gives a duration or a text.
[[nodiscard]] Result<Instant> due_after(const Moment& moment, Instant from, const Delay& delay);
[[nodiscard]] Result<Instant> due_before(const Moment& moment, Instant to, const Delay& delay);

}  // namespace sillage
