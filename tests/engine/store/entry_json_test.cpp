#include "engine/store/entry_json.hpp"

#include <boost/json/array.hpp>

#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

TEST_SUITE("store/entry_json") {
    TEST_CASE("an entry is read back as it was written") {
        for (const EventOrigin origin :
             {EventOrigin::account, EventOrigin::timer, EventOrigin::queue, EventOrigin::engine}) {
            Entry entry = test::sample_write("ins_1", 7).entry;
            entry.origin = origin;
            entry.timer = 4;

            Entry back = ok(entry_from_text(entry_text(entry), payload_text(entry)));

            back.hash = entry.hash;
            back.salt = entry.salt;
            CHECK(back == entry);
        }
    }

    TEST_CASE("who acts in another's place is written with the entry, and is part of its hash") {
        Entry entry = test::sample_write("ins_1", 7).entry;
        const std::string own = entry_text(entry);
        entry.actor.on_behalf_of =
            Behalf{.id = "acc_boss", .delegation = "dlg_1", .reason = "on leave"};

        CHECK(ok(entry_from_text(entry_text(entry), payload_text(entry))).actor == entry.actor);
        CHECK(entry_text(entry) != own);
        CHECK(own.find("on_behalf_of") == std::string::npos);
    }

    TEST_CASE(
        "a trace is written with the entry, is part of its hash, and is not there without one") {
        Entry entry = test::sample_write("ins_1", 7).entry;
        const std::string without = entry_text(entry);
        entry.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        CHECK(ok(entry_from_text(entry_text(entry), payload_text(entry))).trace == entry.trace);
        CHECK(entry_text(entry) != without);
        CHECK(without.find("trace") == std::string::npos);
        CHECK(ok(entry_from_text(without, payload_text(entry))).trace.empty());
    }

    TEST_CASE("the text says nothing of position and hash") {
        Entry entry = test::sample_write("ins_1", 7).entry;
        const std::string text = entry_text(entry);

        entry.position = 12;
        entry.hash = "other";

        CHECK(entry_text(entry) == text);
    }

    TEST_CASE("data as deep as may be stored is read back") {
        Entry entry = test::sample_write("ins_1", 1).entry;
        entry.data = nullptr;
        for (std::size_t level = 1; level < stored_depth_max; ++level) {
            entry.data = boost::json::array{std::move(entry.data)};
        }

        CHECK(ok(entry_from_text(entry_text(entry), payload_text(entry))).data == entry.data);
    }

    TEST_CASE("what no entry was written as is corrupt") {
        std::string text = entry_text(test::sample_write("ins_1", 7).entry);

        CHECK(error_of(entry_from_text("{}", "")).code == ErrorCode::corrupt);
        CHECK(error_of(entry_from_text("", "")).code == ErrorCode::corrupt);
        CHECK(error_of(entry_from_text(text.substr(1), "")).code == ErrorCode::corrupt);
        text.replace(text.find("\"queue\""), 7, "\"quail\"");
        CHECK(error_of(entry_from_text(text, "")).message ==
              "What was stored is not a log entry: the origin \"quail\" is unknown.");
    }
}
