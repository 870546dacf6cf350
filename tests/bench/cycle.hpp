#pragma once

#include <array>

namespace sillage::test {

/// The events that take readiness.yaml and its twins once round: every kind of step is in it, a
/// refused `submit` too.
struct CycleEvent {
    const char* name = nullptr;
    /// Who sends it.
    const char* role = nullptr;
    /// JSON.
    const char* data = "null";
};

inline constexpr std::array cycle = {
    CycleEvent{.name = "answer", .role = "sme", .data = R"({"score":40})"},
    CycleEvent{.name = "submit", .role = "sme"},
    CycleEvent{.name = "answer", .role = "sme", .data = R"({"score":85})"},
    CycleEvent{.name = "submit", .role = "sme"},
    CycleEvent{.name = "return", .role = "mentor", .data = R"({"reason":"Say more on labels."})"},
    CycleEvent{.name = "freeze", .role = "manager"},
    CycleEvent{.name = "resume", .role = "manager"},
    CycleEvent{.name = "submit", .role = "sme"},
    CycleEvent{.name = "freeze", .role = "manager"},
    CycleEvent{.name = "resume", .role = "manager"},
    CycleEvent{.name = "approve", .role = "mentor"},
    CycleEvent{.name = "compliance.done", .role = "sme"},
    CycleEvent{.name = "marketing.done", .role = "mentor"},
    CycleEvent{.name = "again", .role = "manager"},
};

/// Of the cycle: the one event that no machine takes.
inline constexpr std::size_t refused_index = 1;
/// What the counter `freezes` has grown by after one cycle.
inline constexpr int freezes_per_cycle = 2;

}  // namespace sillage::test
