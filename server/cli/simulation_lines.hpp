#pragma once

#include <string>
#include <string_view>

#include "engine/runtime/rehearsal.hpp"

namespace sillage::server {

/// Longest line that is read, in bytes. Chosen: the largest body the API takes.
inline constexpr std::size_t simulation_line_bytes_max = 1'048'576;

/// `sillage simulate --json`: a rehearsal in lines of JSON (language.md, section 10).
class SimulationLines {
  public:
    /// `roles` act where a line names none; empty: every declared role.
    SimulationLines(Rehearsal& rehearsal, std::vector<std::string> roles)
        : rehearsal_(rehearsal), roles_(std::move(roles)) {}

    /// Starts the instance. Answers have no line end.
    [[nodiscard]] std::string start();
    /// Does what a line asks for: `{"event":…,"data":…,"by":[…],"actor":…}`, `{"advance":…}` or
    /// `{"explain":…}` with `data`, `by` and `actor` as for an event. With `"to":"tracks.0"` they
    /// are for that child. What cannot be read is answered with an error and changes nothing.
    [[nodiscard]] std::string answer(std::string_view line);

  private:
    Rehearsal& rehearsal_;
    std::vector<std::string> roles_;
};

}  // namespace sillage::server
