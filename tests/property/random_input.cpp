#include "tests/property/random_input.hpp"

#include <array>

namespace sillage::test {
namespace {

constexpr std::array names = {"e0", "e1", "e2", "e3", "e4", "ping", "unknown"};

}  // namespace

std::span<const char* const> random_event_names() { return names; }

boost::json::value random_data(Dice& dice) {
    switch (dice.roll(8)) {
        case 0:
            return boost::json::object{{"k", dice.roll(7)}};
        case 1:
            return boost::json::object{{"k", -1}};
        case 2:
            return boost::json::object{{"k", 3}, {"other", 1}};
        default:
            return nullptr;
    }
}

Actor random_actor(Dice& dice) {
    Actor actor{.id = dice.chance(1, 2) ? "u1" : "u2"};
    for (const char* role : {"r0", "r1", "r2"}) {
        if (dice.chance(1, 2)) {
            actor.roles.emplace_back(role);
        }
    }
    return actor;
}

}  // namespace sillage::test
