#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/definition.hpp"
#include "engine/model/step.hpp"

namespace sillage {

/// An open deadline.
struct OpenDeadline {
    std::string state = {};
    Instant at = {};

    bool operator==(const OpenDeadline&) const = default;
};

/// How an instance stands, whoever reads it.
struct Standing {
    /// Name of the active top-level state; the final one's once done.
    std::string stage = {};
    /// Ids of the active atomic states, document order; the final one's once done.
    std::vector<std::string> states = {};
    /// Roles, document order.
    std::vector<std::string> waiting_for = {};
    /// Earliest first.
    std::vector<OpenDeadline> deadlines = {};
    bool overdue = false;
    bool done = false;
};

[[nodiscard]] Standing standing(const Definition& definition, const Snapshot& snapshot);

/// The same in words for one reader.
struct Status : Standing {
    std::string stage_title = {};
    /// Of the deepest active state that contains all active atomic ones, else of its nearest titled
    /// ancestor, for the reader's roles (`title_for`) and language.
    std::string title = {};
    /// Fields the reader may see (`visible_to`).
    boost::json::object context = {};
    std::optional<Incident> incident = {};
};

/// `input.actor` is the reader and `input.languages` its languages; `input.event` is ignored.
[[nodiscard]] Status describe(const Definition& definition, const Snapshot& snapshot,
                              const Input& input);

/// Renders a Text for the best of the input's languages; expressions see the snapshot. An
/// expression that fails stands as `{text}`.
[[nodiscard]] std::string render(const Definition& definition, const Snapshot& snapshot,
                                 const Input& input, const Text& text);

/// `state`'s id path per active atomic state etc. as JSON: the shapes of `sillage simulate --json`.
/// Made in `memory`.
[[nodiscard]] boost::json::object effect_json(const Definition& definition, const Effect& effect,
                                              const boost::json::storage_ptr& memory = {});
[[nodiscard]] boost::json::object taken_json(const Definition& definition,
                                             const TakenTransition& taken,
                                             const boost::json::storage_ptr& memory = {});

}  // namespace sillage
