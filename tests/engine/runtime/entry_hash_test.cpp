#include "engine/runtime/entry_hash.hpp"

#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

TEST_SUITE("runtime/entry_hash") {
    TEST_CASE("a seal is broken by any change but that of the position") {
        InstanceWrite write = test::sample_write("ins_1", 2);
        seal(write);
        const Entry& entry = write.entry;
        CHECK(entry.hash.size() == 64);
        CHECK(is_sealed(entry));
        const auto breaks = [&](auto change) {
            Entry changed = entry;
            change(changed);
            return !is_sealed(changed);
        };

        CHECK(!breaks([](Entry& e) { e.position = 99; }));
        CHECK(breaks([](Entry& e) { e.sequence = 3; }));
        CHECK(breaks([](Entry& e) { e.at.milliseconds += 1; }));
        CHECK(breaks([](Entry& e) { e.actor.id = "acc_2"; }));
        CHECK(breaks([](Entry& e) { e.actor.roles.pop_back(); }));
        CHECK(breaks([](Entry& e) { e.data = nullptr; }));
        CHECK(breaks([](Entry& e) { e.origin = EventOrigin::engine; }));
        CHECK(breaks([](Entry& e) { e.company_revision += 1; }));
        CHECK(breaks([](Entry& e) { e.effects.clear(); }));
        CHECK(breaks([](Entry& e) { e.after_hash += "0"; }));
        CHECK(breaks([](Entry& e) { e.previous_hash = ""; }));
        CHECK(breaks([](Entry& e) { e.salt += "0"; }));
    }

    TEST_CASE("an erased payload breaks no seal, half of one does") {
        InstanceWrite write = test::sample_write("ins_1", 2);
        write.entry.salt = "0123";
        seal(write);
        Entry& entry = write.entry;
        entry.data = nullptr;
        entry.taken.clear();
        entry.effects.clear();
        CHECK(!is_sealed(entry));

        entry.salt.clear();
        CHECK(is_sealed(entry));
        entry.event = "another";
        CHECK(!is_sealed(entry));
    }
}
