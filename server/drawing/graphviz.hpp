#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "engine/base/result.hpp"

namespace sillage::server {

/// How the layout program is called.
struct LayoutCall {
    /// A name that is looked up in PATH, or a path.
    std::string program = "dot";
    /// Chosen: hundreds of states take seconds; what takes longer is not coming.
    std::chrono::milliseconds time_max{30'000};
    /// Chosen: a thousand times a readable diagram.
    std::size_t output_bytes_max = 32U * 1024U * 1024U;
};

/// Lays a graph out with Graphviz's `dot` in a process of its own, which is killed when it takes
/// too long or says too much; the SVG text.
/// Errors: unavailable: no such program, or it failed, in its own words;
///         limit_exceeded: too long or too much.
[[nodiscard]] Result<std::string> lay_out(const std::string& graph, const LayoutCall& call = {});

}  // namespace sillage::server
