#include "engine/store/sqlite/overlay.hpp"

#include <ranges>

#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::sample_write;

namespace {

WritePointer shared(InstanceWrite write) {
    return std::make_shared<InstanceWrite>(std::move(write));
}

InstanceWrite keyed_write(std::uint64_t sequence) {
    InstanceWrite write = sample_write("ins_1", sequence);
    write.instance.update([](InstanceRecord& record) {
        record.key = "CV-1";
        record.parent = ParentLink{.instance = "ins_0", .invoke_id = "a", .serial = 4};
    });
    return write;
}

}  // namespace

TEST_SUITE("store/sqlite/overlay") {
    TEST_CASE("what was added is found by id, key and place, until the tables have all of it") {
        Overlay overlay;
        overlay.add(shared(keyed_write(1)));
        overlay.add(shared(keyed_write(2)));

        for (const Pending* pending : {overlay.find("ins_1"), overlay.find_key("export", "CV-1"),
                                       overlay.find_child("ins_0", 4)}) {
            REQUIRE(pending != nullptr);
            CHECK(pending->size() == 2);
            CHECK(pending->back()->entry.sequence == 2);
        }
        overlay.drop("ins_1", 1);
        REQUIRE(overlay.find("ins_1") != nullptr);
        CHECK(overlay.find("ins_1")->size() == 1);
        CHECK_FALSE(overlay.timers().empty());
        overlay.drop("ins_1", 2);
        CHECK(overlay.find("ins_1") == nullptr);
        CHECK(overlay.find_key("export", "CV-1") == nullptr);
        CHECK(overlay.find_child("ins_0", 4) == nullptr);
        CHECK(overlay.timers().empty());
    }

    TEST_CASE("the last write's timers stand for the instance") {
        Overlay overlay;
        overlay.add(shared(sample_write("ins_1", 1)));
        InstanceWrite second = sample_write("ins_1", 2);
        second.timers.front().due = Instant{50};
        overlay.add(shared(second));

        REQUIRE(std::ranges::distance(overlay.timers()) == 1);
        CHECK(overlay.timers().begin()->timer == second.timers.front());
        CHECK(*overlay.timers().begin()->instance == "ins_1");
    }

    TEST_CASE("an answer that was put in the place of a stored one stays") {
        Overlay overlay;
        const auto first = std::make_shared<StoredAnswer>(StoredAnswer{.scope = "s", .key = "k"});
        const auto second =
            std::make_shared<StoredAnswer>(StoredAnswer{.scope = "s", .key = "k", .status = 409});
        overlay.add(AnswerPointer(first));
        overlay.add(AnswerPointer(second));

        overlay.drop(AnswerPointer(first));
        CHECK(overlay.find_answer("s", "k") == second);
        overlay.drop(AnswerPointer(second));
        CHECK(overlay.find_answer("s", "k") == nullptr);
    }

    TEST_CASE("one overlay takes over another that came later") {
        Overlay overlay;
        overlay.add(shared(sample_write("ins_1", 1)));
        Overlay later;
        later.add(shared(sample_write("ins_1", 2)));
        later.add(shared(sample_write("ins_2", 1)));

        overlay.take(std::move(later));

        CHECK(overlay.instances().size() == 2);
        CHECK(overlay.find("ins_1")->back()->entry.sequence == 2);
    }
}
