#pragma once

#include <string>
#include <vector>

#include "engine/formats/detail/phrases.hpp"
#include "engine/formats/diagram.hpp"

// What every kind of diagram shows, before it is spelled in one.

namespace sillage {

/// An arrow; all transitions from one state to another share it.
struct SketchEdge {
    StateIndex from = root_state;
    StateIndex to = root_state;
    /// A line a transition; an eventless one without a guard has none.
    std::vector<std::string> lines = {};
};

struct SketchNode {
    std::string title = {};
    /// Who it waits for, until when, which workflow it runs.
    std::vector<std::string> notes = {};
    /// Transitions that lead nowhere else: taken without leaving it, or back to itself.
    std::vector<std::string> inside = {};
    bool active = false;
};

struct Sketch {
    std::string title = {};
    /// By StateIndex.
    std::vector<SketchNode> nodes = {};
    /// In document order of their first transition.
    std::vector<SketchEdge> edges = {};
};

[[nodiscard]] Sketch sketch_of(const Definition& definition, const DiagramOptions& options);

/// Breaks a text into lines of at most that many code points where it has spaces; a longer word
/// stays whole. Control characters become spaces.
[[nodiscard]] std::vector<std::string> wrapped(const std::string& text, std::size_t width);

/// Cut to that many code points, with an ellipsis for the rest.
[[nodiscard]] std::string shortened(const std::string& text, std::size_t width);

}  // namespace sillage
