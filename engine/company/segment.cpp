#include "engine/company/segment.hpp"

#include <array>

namespace sillage {

std::span<const std::string_view> value_chain_segments() {
    static constexpr std::array<std::string_view, 12> segments{
        "ingredients", "formulation",       "manufacture",
        "packaging",   "finished_products", "distribution_logistics",
        "engineering", "assembly_lines",    "testing_analysis",
        "services",    "research",          "training"};
    return segments;
}

}  // namespace sillage
