#pragma once

#include <string_view>

#include "engine/model/definition.hpp"

namespace sillage {

/// For whom an answer is worded.
enum class Audience {
    staff,    ///< of the programme: it is told everything but what `visible_to` keeps from it
    outside,  ///< the company and whoever else merely takes part: states tagged `hidden` and the
              ///< people behind the programme stay out of what it is told
};

/// The state that an outsider is told of in the place of `state`. A top-level state is told, what
/// lies in a hidden one is not; nor is a hidden state further down, nor what lies in it.
/// Ex. with `evaluation.third_review` hidden: `evaluation`, for that one and all below it.
[[nodiscard]] StateIndex shown_state(const Definition& definition, StateIndex state);

/// Whether an outsider is told of another state in its place.
[[nodiscard]] bool is_concealed(const Definition& definition, StateIndex state);

/// Whether the engine's event is about such a state.
/// Ex. `deadline.expired.evaluation.third_review`.
[[nodiscard]] bool names_concealed_state(const Definition& definition, std::string_view event);

}  // namespace sillage
