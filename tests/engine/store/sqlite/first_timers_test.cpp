#include "engine/store/sqlite/first_timers.hpp"

#include "tests/support/ok.hpp"

using namespace sillage;

namespace {

StoredTimer due_at(std::int64_t due, std::uint64_t id = 1) {
    return {.id = id, .due = Instant{due}};
}

std::string order_of(const FirstTimers& timers) {
    std::string text;
    for (const FirstTimers::One& one : timers) {
        text += *one.instance + "@" + std::to_string(one.timer.due.milliseconds) + " ";
    }
    return text;
}

}  // namespace

TEST_SUITE("store/sqlite/first_timers") {
    TEST_CASE("instances come in the order of their first timers, then of their ids") {
        const std::string a = "a";
        const std::string b = "b";
        const std::string c = "c";
        FirstTimers timers;
        const std::vector one{due_at(9, 2), due_at(5)};
        timers.replace(c, {}, one);
        timers.replace(b, {}, std::vector{due_at(5)});
        timers.replace(a, {}, std::vector{due_at(7)});
        CHECK(order_of(timers) == "b@5 c@5 a@7 ");

        const std::vector other{due_at(9, 2), due_at(8)};
        timers.replace(c, one, other);
        CHECK(order_of(timers) == "b@5 a@7 c@8 ");
        timers.replace(c, other, std::vector{due_at(8)});
        CHECK(order_of(timers) == "b@5 a@7 c@8 ");
        timers.replace(b, std::vector{due_at(5)}, {});
        CHECK(order_of(timers) == "a@7 c@8 ");
    }
}
