#include "engine/runtime/snapshot_codec.hpp"

#include <boost/json/array.hpp>

#include "engine/base/json.hpp"
#include "engine/store/entry_json.hpp"
#include "engine/yaml/read.hpp"
#include "tests/engine/runtime/bench.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

namespace {

std::shared_ptr<const Definition> journey() {
    const ReadOutcome outcome = read_definition(test::journey_yaml(), "journey.yaml");
    REQUIRE(outcome.definition != nullptr);
    return outcome.definition;
}

/// One with nothing in it but the context's fields.
Snapshot blank() {
    Snapshot snapshot;
    snapshot.context.resize(3);
    return snapshot;
}

/// A snapshot with something in every member.
Snapshot full(const Definition& definition) {
    const auto at = [&](const char* id) { return definition.find_state(id).value(); };
    const StateIndex open = at("tracks.law.open");
    return Snapshot{
        .sequence = 12,
        .at = Instant{-5},
        .configuration = {root_state, at("tracks"), at("tracks.law"), open},
        .history = {{at("tracks.memory"), {open, at("tracks.sale.late")}}},
        .context = {5, 5.0, {1, "zwei", nullptr, true}},
        .entered = {{root_state, Instant{1}}, {open, Instant{2}}},
        .last = {{"approve",
                  {.at = Instant{3}, .by = "acc_1", .count = 2, .on_behalf_of = "acc_2"}}},
        .timers = {{.id = 4,
                    .kind = TimerKind::reminder,
                    .state = open,
                    .event = "deadline.approaching.tracks.law.open",
                    .due = Instant{9},
                    .started = Instant{8}},
                   {.id = 5,
                    .kind = TimerKind::send,
                    .event = "e",
                    .sent = sent_with({.data = {{"n", 1}}, .send_id = "s"}),
                    .failed = true}},
        .next_timer_id = 6,
        .kept = {{open,
                  {.left = Duration{7},
                   .reminders_left = {Duration{1}, Duration{2}},
                   .expired = true}}},
        .overdue = {open},
        .queue = {{.event = "ping", .data = 1, .send_id = "q"}},
        .done = true,
        .ended_in = at("graduated"),
        .output = {{"total", 3}},
        .incident =
            Incident{.code = "send_limit", .message = "Too many.", .event = "e", .sequence = 11},
    };
}

}  // namespace

TEST_SUITE("runtime/snapshot_codec") {
    TEST_CASE("a snapshot is read back whole, and its bytes are always the same") {
        const auto definition = journey();
        for (const Snapshot& snapshot : {full(*definition), blank()}) {
            const std::string text = encode_snapshot(*definition, snapshot);

            const Snapshot back = ok(decode_snapshot(*definition, text));

            CHECK(back == snapshot);
            CHECK(encode_snapshot(*definition, back) == text);
        }
    }

    TEST_CASE("states stand by their id, so that the bytes tell something by themselves") {
        const auto definition = journey();
        const std::string text = encode_snapshot(*definition, full(*definition));

        CHECK(text.find(R"("overdue":["tracks.law.open"])") != std::string::npos);
        CHECK(text.find(R"("pings":5.0)") != std::string::npos);
    }

    TEST_CASE("a context as deep as may be stored is read back") {
        const auto definition = journey();
        Snapshot snapshot = blank();
        boost::json::value deep = 1;
        for (std::size_t level = 2; level < stored_depth_max; ++level) {
            deep = boost::json::array{std::move(deep)};
        }
        snapshot.context.front() = std::move(deep);

        CHECK(ok(decode_snapshot(*definition, encode_snapshot(*definition, snapshot))) == snapshot);
    }

    TEST_CASE("every member is asked for, and every state must exist") {
        const auto definition = journey();
        const boost::json::object whole =
            ok(parse_json(encode_snapshot(*definition, full(*definition)))).as_object();
        for (const auto& member : whole) {
            boost::json::object part = whole;
            part.erase(member.key());
            CAPTURE(std::string(member.key()));
            CHECK(error_of(decode_snapshot(*definition, to_json_text(part))).code ==
                  ErrorCode::corrupt);
        }

        boost::json::object foreign = whole;
        foreign["context"].as_object()["other"] = 1;
        CHECK(error_of(decode_snapshot(*definition, to_json_text(foreign))).code ==
              ErrorCode::corrupt);

        boost::json::object strange = whole;
        strange["overdue"] = boost::json::array{"nowhere"};
        CHECK(error_of(decode_snapshot(*definition, to_json_text(strange))).message ==
              "What was stored is not a snapshot: the workflow has no state \"nowhere\".");
        CHECK(error_of(decode_snapshot(*definition, "no JSON")).code == ErrorCode::corrupt);
    }
}
