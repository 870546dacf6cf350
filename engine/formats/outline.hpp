#pragma once

#include <vector>

#include "engine/model/audience.hpp"
#include "engine/model/step.hpp"

namespace sillage {

/// A workflow as a reader is told of it. Only to be drawn: nothing runs by it.
struct Outline {
    Definition definition = {};
    /// By StateIndex of the whole workflow: the state that stands there for it.
    std::vector<StateIndex> places = {};
};

/// States with their titles for the reader's roles (`title_for`); for an outsider without concealed
/// states and what leads out of them.
[[nodiscard]] Outline outline_of(const Definition& definition, const Actor& reader,
                                 Audience audience);

}  // namespace sillage
