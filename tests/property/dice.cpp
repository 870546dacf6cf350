#include "tests/property/dice.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace sillage::test {
namespace {

/// Chosen: some seconds of an everyday run.
constexpr std::uint64_t everyday_count = 2'000;

std::uint64_t number_in(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::stoull(text);
}

}  // namespace

std::uint64_t Dice::roll(std::uint64_t sides) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return (mixed ^ (mixed >> 31U)) % sides;
}

Seeds property_seeds() {
    const std::uint64_t first = number_in("SILLAGE_PROPERTY_SEED", 1);
    const std::uint64_t count = number_in("SILLAGE_PROPERTY_CHARTS", everyday_count);
    MESSAGE("seeds " << first << " to " << first + count - 1);
    return {.first = first, .last = first + count - 1};
}

}  // namespace sillage::test
