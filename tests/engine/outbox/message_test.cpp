#include "engine/outbox/message.hpp"

#include "engine/runtime/columns.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;

namespace {

constexpr std::string_view chart = R"(
workflow: export
version: 2
initial: a
states:
  a: { initial: b, states: { b: {}, c: { type: final } } }
  end: { type: final }
)";

/// Both regions have to be done.
constexpr std::string_view regions = R"(
workflow: export
version: 2
type: parallel
states:
  left: { initial: open, states: { open: { on: { go: done } }, done: { type: final } } }
  right: { initial: open, states: { open: { on: { stop: done } }, done: { type: final } } }
)";

Birth subject() {
    return Birth{
        .workflow = "export", .version = 2, .company = "com_1", .cohort = {}, .cluster = "clu_1"};
}

/// The second entry of an instance: nothing happened but the event.
Entry entry() {
    return Entry{.instance = "ins_1",
                 .sequence = 2,
                 .at = Instant{1'000},
                 .actor = {.id = "acc_1"},
                 .event = "submit",
                 .from = {"a.b"},
                 .to = {"a.b"}};
}

std::vector<Message> messages_in(const Entry& entry) {
    static const auto definition = test::definition_of(chart);
    return messages_of(*definition, subject(), entry);
}

std::string types_of(const std::vector<Message>& messages) {
    std::string types;
    for (const Message& message : messages) {
        types += message.type + " ";
    }
    return types;
}

}  // namespace

TEST_SUITE("outbox/message") {
    TEST_CASE("an event that takes nothing tells nothing") {
        CHECK(types_of(messages_in(entry())) == "");
    }

    TEST_CASE("every payload names the instance, its people and the sequence") {
        Entry taken = entry();
        taken.taken = {boost::json::object{{"source", "a"}}};

        const std::vector<Message> messages = messages_in(taken);

        REQUIRE(messages.size() == 1);
        CHECK(messages[0].type == "sillage.instance.transition");
        const boost::json::object& payload = messages[0].payload;
        CHECK(payload.at("instance") == "ins_1");
        CHECK(payload.at("workflow") == "export");
        CHECK(payload.at("version") == 2);
        CHECK(payload.at("cluster") == "clu_1");
        CHECK(payload.at("company") == "com_1");
        CHECK(payload.at("cohort").is_null());
        CHECK(payload.at("sequence") == 2);
        CHECK(payload.at("at") == "1970-01-01T00:00:01.000Z");
        CHECK(payload.at("event") == "submit");
        CHECK(payload.at("actor") == "acc_1");
        CHECK(payload.at("taken") == taken.taken);
    }

    TEST_CASE("the first entry tells of the start and of no transition") {
        Entry start = entry();
        start.sequence = 1;
        start.from = {};
        start.taken = {boost::json::object{}};

        const std::vector<Message> messages = messages_in(start);

        CHECK(types_of(messages) == "sillage.instance.started ");
        CHECK(messages[0].payload.at("stage") == "a");
        start.to = {"end"};
        CHECK(types_of(messages_in(start)) ==
              "sillage.instance.started sillage.instance.finished ");
    }

    TEST_CASE("messages come in the order in which things happened") {
        Entry last = entry();
        last.event = "deadline.expired.a.b";
        last.origin = EventOrigin::timer;
        last.taken = {boost::json::object{}};
        last.to = {"end"};
        last.effects = {
            boost::json::object{{"kind", "emit"}, {"type", "example.sent"}, {"data", 1}},
            boost::json::object{{"kind", "log"}, {"value", 1}},
            boost::json::object{{"kind", "notify"}, {"role", "mentor"}, {"texts", {}}}};

        CHECK(types_of(messages_in(last)) ==
              "sillage.instance.deadline_expired sillage.instance.transition example.sent "
              "sillage.notification sillage.instance.stage_changed sillage.instance.finished ");
    }

    TEST_CASE("deadlines name their state, and only timers tell of them") {
        Entry reminder = entry();
        reminder.event = "deadline.approaching.a.b";
        CHECK(types_of(messages_in(reminder)) == "");

        reminder.origin = EventOrigin::timer;
        const std::vector<Message> messages = messages_in(reminder);

        REQUIRE(messages.size() == 1);
        CHECK(messages[0].type == "sillage.instance.deadline_approaching");
        CHECK(messages[0].payload.at("state") == "a.b");
    }

    TEST_CASE("an emit carries its data, a notification its texts, an incident its cause") {
        Entry broken = entry();
        broken.event = "$incident";
        broken.data = {{"code", "send_limit"}, {"message", "Too many."}, {"event", "spin"}};
        broken.effects = {
            boost::json::object{{"kind", "emit"}, {"type", "t"}, {"data", {{"sequence", "own"}}}},
            boost::json::object{{"kind", "notify"}, {"role", "sme"}, {"texts", {{"en", "Hi"}}}}};

        const std::vector<Message> messages = messages_in(broken);

        REQUIRE(messages.size() == 3);
        CHECK(messages[0].payload.at("data").at("sequence") == "own");
        CHECK(messages[0].payload.at("sequence") == 2);
        CHECK(messages[1].payload.at("role") == "sme");
        CHECK(messages[1].payload.at("text").at("en") == "Hi");
        CHECK(messages[2].type == "sillage.instance.incident");
        CHECK(messages[2].payload.at("code") == "send_limit");
        CHECK(messages[2].payload.at("event") == "spin");
    }

    TEST_CASE("an instance finishes once, in a final state of the document or by being left") {
        Entry inner = entry();
        inner.to = {"a.c"};
        CHECK(types_of(messages_in(inner)) == "");

        Entry cancelled = entry();
        cancelled.to = {};
        CHECK(types_of(messages_in(cancelled)) ==
              "sillage.instance.stage_changed sillage.instance.finished ");

        Entry afterwards = entry();
        afterwards.from = afterwards.to = {"end"};
        CHECK(types_of(messages_in(afterwards)) == "");
    }

    TEST_CASE("a parallel document finishes with its last region") {
        test::Chart parallel(regions);
        std::string types;
        for (const char* event : {"go", "stop"}) {
            Entry next = entry();
            next.from = leaves_of(*parallel.definition, parallel.snapshot);
            parallel.send(event);
            next.to = leaves_of(*parallel.definition, parallel.snapshot);
            types += types_of(messages_of(*parallel.definition, subject(), next)) + "| ";
        }

        CHECK(parallel.snapshot.done);
        CHECK(types == "| sillage.instance.stage_changed sillage.instance.finished | ");
    }
}
