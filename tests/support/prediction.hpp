#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "engine/interpreter/explain.hpp"

namespace sillage::test {

/// The transitions that explain says will be taken, in order of index.
inline std::vector<TransitionIndex> predicted(const Explanation& explanation) {
    std::vector<TransitionIndex> enabled;
    for (const Candidate& candidate : explanation.candidates) {
        if (candidate.verdict == Verdict::enabled) {
            enabled.push_back(candidate.transition);
        }
    }
    std::ranges::sort(enabled);
    return enabled;
}

/// The transitions of a step's first microstep, as many as were predicted, in order of index.
inline std::vector<TransitionIndex> first_taken(const Trace& trace, std::size_t count) {
    std::vector<TransitionIndex> taken;
    for (const TraceItem& item : trace) {
        if (const auto* transition = std::get_if<TakenTransition>(&item);
            transition != nullptr && taken.size() < count) {
            taken.push_back(transition->transition);
        }
    }
    std::ranges::sort(taken);
    return taken;
}

}  // namespace sillage::test
