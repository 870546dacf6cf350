#pragma once

#include <cstdint>
#include <string>

namespace sillage::test {

/// Numbers that follow from a seed, the same on every machine (SplitMix64).
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    /// 0 … `sides` - 1.
    std::uint64_t roll(std::uint64_t sides);
    /// True in `part` of `whole` rolls.
    bool chance(std::uint64_t part, std::uint64_t whole) { return roll(whole) < part; }

  private:
    std::uint64_t state_;
};

/// The events that random charts know: `e0` … `e4`.
inline constexpr std::uint64_t random_event_count = 5;

/// A workflow of nested, parallel, final and history states whose transitions have roles, guards
/// over `n` (some of which divide by zero), actions on it, raises and eventless companions.
[[nodiscard]] std::string random_chart(Dice& dice);

}  // namespace sillage::test
