#pragma once

#include <cstdint>

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

/// The seeds that a property is tried with, both ends included.
struct Seeds {
    std::uint64_t first = 1;
    std::uint64_t last = 0;
};

/// 2,000 from 1 on. The environment may ask for others: SILLAGE_PROPERTY_CHARTS is how many,
/// SILLAGE_PROPERTY_SEED the first.
[[nodiscard]] Seeds property_seeds();

}  // namespace sillage::test
