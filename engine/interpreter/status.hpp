#pragma once

#include <optional>
#include <string>
#include <string_view>
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

/// What an outsider reads of an incident.
inline constexpr std::string_view incident_sentence =
    "The workflow could not go on; those who run the programme see why.";

/// The same in words for one reader. To an outsider a concealed state is what is shown in its
/// place: its own title is not told but by `title_for`, nor for whom it waits and until when
/// unless that is the reader.
struct Status : Standing {
    std::string stage_title = {};
    /// Of the deepest active state that contains all active atomic ones, else of its nearest titled
    /// ancestor, for the reader's roles (`title_for`) and language.
    std::string title = {};
    /// Fields the reader may see (`visible_to`).
    boost::json::object context = {};
    std::optional<Incident> incident = {};
};

/// `input.actor` is the reader, `input.languages` its languages and `input.audience` whether it is
/// an outsider; `input.event` is ignored.
[[nodiscard]] Status describe(const Definition& definition, const Snapshot& snapshot,
                              const Input& input);

/// What the reader may see of a field's value; nothing: the whole is not for its roles.
[[nodiscard]] std::optional<boost::json::value> visible_part(const boost::json::value& value,
                                                             const Schema& schema,
                                                             const Actor& reader);

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
