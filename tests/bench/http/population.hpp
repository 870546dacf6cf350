#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/http/load.hpp"

// The instances that a load is about, and the events that take each of them round: readiness.yaml,
// from the assessment to the review and back. None of them is ever refused; among them are forms, a
// guard, an assignment, states left and entered, three timers cancelled and started.

namespace sillage::test {

struct CycleEvent {
    std::string_view body;
    /// Who sends it: 0 the company, 1 the mentor.
    std::size_t sender = 0;
};

inline constexpr std::array cycle = {
    CycleEvent{.body = R"({"event":"answer","data":{"score":72}})", .sender = 0},
    CycleEvent{.body = R"({"event":"submit"})", .sender = 0},
    CycleEvent{.body = R"({"event":"return","data":{"reason":"Say more."}})", .sender = 1},
};

struct Instance {
    std::string id;
    /// Of its last entry: 1 once it was started, and the cycle goes on from there.
    std::uint64_t sequence = 1;
};

struct Population {
    /// The bearer tokens of the two who send events.
    std::array<std::string, 2> tokens;
    std::vector<Instance> instances;
};

/// The file is two lines of tokens, then `ID SEQUENCE` a line.
[[nodiscard]] Population read_population(const std::string& path);
void write_population(const std::string& path, const Population& population);

/// Starts `count` instances of the chart over the API: in one cluster, of at most a hundred
/// companies, by two accounts that it makes. `admin_token` is an administrator's.
[[nodiscard]] Population start_instances(const LoadOptions& options, const std::string& chart,
                                         const std::string& admin_token, std::size_t count);

/// Sends events, `count` at most, to the instances in turn; each connection has its own ones. Every
/// answer must be a 200 with the instance's next sequence, which the population keeps. `path` has
/// `{}` for the id.
[[nodiscard]] Figures send_events(const LoadOptions& options, const std::string& path,
                                  Population& population, std::size_t count);

/// Asks for one instance after another; each answer must be a 200 that names it.
[[nodiscard]] Figures read_instances(const LoadOptions& options, const std::string& path,
                                     const Population& population);

}  // namespace sillage::test
