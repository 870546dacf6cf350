#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/incomplete.hpp"
#include "engine/base/name.hpp"
#include "engine/model/calendar.hpp"
#include "engine/model/expression.hpp"

namespace sillage {

/// Position in Definition::states: document order, the root first. 0-based.
using StateIndex = std::uint32_t;
/// Position in Definition::transitions. 0-based.
using TransitionIndex = std::uint32_t;

struct Action;
/// Executed in order; abandoned from the first that fails.
using Block = std::vector<Action>;

/// `assign`: all values are computed against the context before, then set together.
struct Assign {
    struct Item {
        /// Ex. `{"baseline", "turnover"}`.
        std::vector<std::string> path = {};
        ValueTemplate value = {};
        /// Position of `path.front()` in Definition::context, past its end when it has no such
        /// field, and the path joined by dots. Set by complete(); of an item that is made while
        /// running by complete_item().
        std::size_t field = 0;
        Name name = {};

        bool operator==(const Item&) const = default;
    };
    std::vector<Item> items = {};

    bool operator==(const Assign&) const = default;
};

/// `raise`: an internal event of the same macrostep.
struct Raise {
    Name event = {};
    ValueTemplate data = {};

    bool operator==(const Raise&) const = default;
};

/// `send`: an external event, to this instance when `to` is empty.
struct SendAction {
    /// A name; only SCXML computes one (`eventexpr`).
    ValueTemplate event = {};
    ValueTemplate data = {};
    std::optional<Delay> after = {};
    /// By which `cancel` finds it; a null literal: none.
    ValueTemplate id = {};
    /// `parent` or an invoked child's id; a null literal: this instance. In SCXML also
    /// `#_internal`,
    /// `#_parent`, `#_INVOKEID` and `#_scxml_SESSIONID`.
    ValueTemplate to = {};
    /// SCXML's `type`; a null literal: its own event processor, the only one there is.
    ValueTemplate type = {};
    /// SCXML's `idlocation`: where an id made up for this send is assigned; empty: nowhere.
    std::vector<std::string> id_location = {};

    bool operator==(const SendAction&) const = default;
};

/// `extend`: moves the running deadline of a state by a delay, or to an instant.
struct Extend {
    StateIndex state = 0;
    std::optional<Delay> by = {};
    std::optional<Expression> to = {};

    bool operator==(const Extend&) const = default;
};

/// `cancel`: drops the pending sends of that id.
struct CancelAction {
    ValueTemplate id = {};

    bool operator==(const CancelAction&) const = default;
};

/// `emit`: a domain event for webhooks and the live stream.
struct EmitAction {
    Name type = {};
    ValueTemplate data = {};

    bool operator==(const EmitAction&) const = default;
};

/// `notify`: a message to whoever holds the role for this instance.
struct NotifyAction {
    Name role = {};
    Text text = {};

    bool operator==(const NotifyAction&) const = default;
};

/// `log`: a line in the instance's history.
struct LogAction {
    ValueTemplate value = {};

    bool operator==(const LogAction&) const = default;
};

/// `if`, `then`, `else`.
struct IfAction {
    Expression condition = {};
    Block then SILLAGE_EMPTY;
    Block otherwise SILLAGE_EMPTY;

    bool operator==(const IfAction&) const;
};

/// `foreach` over a snapshot of the list.
struct ForEachAction {
    Expression in = {};
    /// Names of the element and, when not empty, of its 0-based position.
    std::string as = {};
    std::string index = {};
    /// Their slots in the Scope that the body was compiled in.
    std::size_t as_slot = 0;
    std::size_t index_slot = 0;
    /// SCXML assigns them to context fields, which keep the last values; positions in
    /// Definition::context.
    std::optional<std::size_t> as_field = {};
    std::optional<std::size_t> index_field = {};
    Block body SILLAGE_EMPTY;

    bool operator==(const ForEachAction&) const;
};

/// What a `.scxml` document says that cannot be run: fails its block when it is reached, as the
/// recommendation wants of an illegal location or attribute. Reading has warned of it.
struct FailAction {
    std::string message = {};

    bool operator==(const FailAction&) const = default;
};

/// One executable item of `entry`, `exit` or `actions`.
struct Action {
    std::variant<Assign, Raise, SendAction, Extend, CancelAction, EmitAction, NotifyAction,
                 LogAction, IfAction, ForEachAction, FailAction>
        node = {};
    Place place = {};

    bool operator==(const Action&) const = default;
};

inline bool IfAction::operator==(const IfAction&) const = default;
inline bool ForEachAction::operator==(const ForEachAction&) const = default;

}  // namespace sillage
