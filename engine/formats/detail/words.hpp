#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "engine/model/definition.hpp"

// Values of the model in the words of a workflow file: what its reader would give back the same.

namespace sillage {

/// `14 days`, `36h`, `10 working days`; what has several parts in ISO 8601.
[[nodiscard]] std::string duration_words(const CalendarDuration& duration);
/// A duration, or `${expr}`.
[[nodiscard]] std::string delay_words(const Delay& delay);

/// One variant with its braces doubled and its expressions in braces.
[[nodiscard]] std::string piece_words(const TextPieces& pieces);
/// A string, or a mapping of language to string.
[[nodiscard]] boost::json::value text_words(const Text& text);
[[nodiscard]] boost::json::value value_words(const ValueTemplate& value);
/// Whether it is the null literal that stands for "not given".
[[nodiscard]] bool is_absent(const ValueTemplate& value);

[[nodiscard]] boost::json::array list_words(const std::vector<std::string>& items);
/// `[{check, otherwise?}, …]`
[[nodiscard]] boost::json::array guard_words(const std::vector<GuardClause>& guard);
/// The words of one field of a context, a form or an object.
[[nodiscard]] boost::json::object field_words(const Field& field);
/// A mapping of names to them.
[[nodiscard]] boost::json::object fields_words(const std::vector<Field>& fields);
/// `deadline` without its target and actions, which are a transition.
[[nodiscard]] boost::json::object deadline_words(const Deadline& deadline);
/// The key of `after` whose event is that one: words where they name the event, else its own end.
[[nodiscard]] std::string timer_words(const DelayedEvent& delayed);
/// `invoke`: a mapping, or a list of several.
[[nodiscard]] boost::json::value invoke_words(const std::vector<Invoke>& invokes);
/// `calendar`, with both of its keys.
[[nodiscard]] boost::json::object calendar_words(const WorkCalendar& calendar);
/// `roles`
[[nodiscard]] boost::json::object roles_words(const std::vector<Role>& roles);
/// `title_for`
[[nodiscard]] boost::json::object title_for_words(const State& state);

}  // namespace sillage
