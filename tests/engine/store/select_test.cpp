#include "engine/store/select.hpp"

#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

TEST_SUITE("store/select") {
    TEST_CASE("a company's name is looked up only when it is asked for") {
        const InstanceRecord record = test::sample_write("ins_1", 1).instance;
        int asked = 0;
        const auto search_of = [&](const std::string& company) {
            ++asked;
            return company + " maison";
        };

        CHECK(is_selected(record, {}, search_of));
        CHECK(asked == 0);
        CHECK(is_selected(record, {.q = "MAISON"}, search_of));
        CHECK_FALSE(is_selected(record, {.q = "atelier"}, search_of));
        CHECK(asked == 2);
        CHECK_FALSE(is_selected(record, {.after = "ins_1"}, search_of));
    }

    TEST_CASE("timers fire by due, start, state, id and instance") {
        const TimerRow row{.instance = "b",
                           .timer = {.id = 2, .due = Instant{5}, .started = Instant{4}}};
        const auto changed = [&](auto change) {
            TimerRow other = row;
            change(other);
            return other;
        };

        CHECK(fires_before(changed([](TimerRow& r) {
                               r.timer.due = Instant{4};
                               r.timer.id = 9;
                           }),
                           row));
        CHECK(fires_before(changed([](TimerRow& r) {
                               r.timer.started = Instant{3};
                               r.timer.id = 9;
                           }),
                           row));
        CHECK(fires_before(changed([](TimerRow& r) {
                               r.timer.id = 1;
                               r.instance = "c";
                           }),
                           row));
        CHECK(fires_before(changed([](TimerRow& r) { r.instance = "a"; }), row));
        CHECK_FALSE(fires_before(row, row));
        CHECK(first_of({}) == nullptr);
        const StoredTimer later{.id = 1, .due = Instant{6}};
        CHECK(*first_of(std::vector{later, row.timer}) == row.timer);
    }
}
