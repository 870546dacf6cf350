#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

#include "engine/runtime/runtime.hpp"
#include "server/gate/gate.hpp"

// The sandbox's virtual clock: it stands still but for `advance`.

namespace sillage::server {

/// Where the clock of a new sandbox stands: 2027-01-01T00:00Z. Source: api.md, 1.
inline constexpr Instant sandbox_start_default{1'798'761'600'000};

/// Timers that one advance may fire; a workflow whose timers start each other would go on for ever.
inline constexpr std::size_t advance_timers_max = 1'000'000;

/// What an advance answers.
struct Advanced {
    Instant now = {};
    std::size_t fired = 0;

    bool operator==(const Advanced&) const = default;
};

class Sandbox {
  public:
    explicit Sandbox(Instant now) : now_(now.milliseconds) {}

    /// From any thread.
    [[nodiscard]] Instant now() const { return Instant{now_}; }

    /// Where `by` leads. Ex. `14 days`; calendar parts are UTC's, working days Monday to Friday.
    /// Errors: invalid_argument: no duration, or past the year 9999.
    [[nodiscard]] Result<Instant> after(std::string_view by) const;

    /// Moves the clock to `to` and fires what falls due on the way, in order, each at its own
    /// instant. The target is durable before the first one fires: after a crash the clock stands
    /// there and the scheduler fires the rest.
    /// Errors: invalid_argument: `to` lies in the past; limit_exceeded: more than
    ///         advance_timers_max; those of the store.
    net::awaitable<Result<Advanced>> advance(Gate& gate, Instant to);

  private:
    void move_to(Instant at);

    std::atomic<std::int64_t> now_;
};

/// Where the clock of a folder that is marked as a sandbox stands; nothing for every other.
/// Errors: those of the store.
[[nodiscard]] Result<std::optional<Instant>> sandbox_clock_of(Store& store);

/// What a data folder is: marked on first use, and refused to whoever serves it as the other.
/// With `sandbox_start` it is a sandbox, whose clock begins there; gives where the clock stands, or
/// nothing for a real folder.
/// Errors: invalid_argument: a sandbox served as real, or a real one as sandbox; those of the
/// store.
[[nodiscard]] Result<std::optional<Instant>> mark_folder(Store& store,
                                                         std::optional<Instant> sandbox_start);

}  // namespace sillage::server
