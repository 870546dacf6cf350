#include "engine/outbox/message.hpp"

#include "tests/support/ok.hpp"

using namespace sillage;

namespace {

Subject subject() {
    return Subject{.instance = "ins_1",
                   .workflow = "export",
                   .version = 2,
                   .company = "com_1",
                   .cluster = "clu_1"};
}

/// The second entry of an instance: nothing happened but the event.
Occurrence occurrence() {
    return Occurrence{.sequence = 2,
                      .at = Instant{1'000},
                      .actor = "acc_1",
                      .event = "submit",
                      .from = {"a"},
                      .to = {"a"},
                      .stage_from = "a",
                      .stage_to = "a"};
}

std::string types_of(const Occurrence& occurrence, const std::vector<Effect>& effects = {}) {
    std::string types;
    for (const Message& message : messages_of(subject(), occurrence, effects)) {
        types += message.type + " ";
    }
    return types;
}

}  // namespace

TEST_SUITE("outbox/message") {
    TEST_CASE("an event that takes nothing tells nothing") { CHECK(types_of(occurrence()) == ""); }

    TEST_CASE("every payload names the instance, its people and the sequence") {
        Occurrence taken = occurrence();
        taken.taken = {boost::json::object{{"source", "a"}}};

        const std::vector<Message> messages = messages_of(subject(), taken, {});

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
        CHECK(payload.at("taken") == taken.taken);
    }

    TEST_CASE("the first entry tells of the start and of no transition") {
        Occurrence start = occurrence();
        start.sequence = 1;
        start.stage_from = "";
        start.taken = {boost::json::object{}};

        CHECK(types_of(start) == "sillage.instance.started ");
    }

    TEST_CASE("messages come in the order in which things happened") {
        Occurrence last = occurrence();
        last.event = "deadline.expired.a.b";
        last.origin = EventOrigin::timer;
        last.taken = {boost::json::object{}};
        last.stage_to = "end";
        last.finished = true;
        const std::vector<Effect> effects{Emit{.type = "example.sent", .data = 1}, Log{},
                                          Notify{.role = "mentor", .texts = {{"en", "Look"}}}};

        CHECK(types_of(last, effects) ==
              "sillage.instance.deadline_expired sillage.instance.transition example.sent "
              "sillage.notification sillage.instance.stage_changed sillage.instance.finished ");
    }

    TEST_CASE("deadlines name their state, and only timers tell of them") {
        Occurrence reminder = occurrence();
        reminder.event = "deadline.approaching.a.b";
        CHECK(types_of(reminder) == "");

        reminder.origin = EventOrigin::timer;
        const std::vector<Message> messages = messages_of(subject(), reminder, {});

        REQUIRE(messages.size() == 1);
        CHECK(messages[0].type == "sillage.instance.deadline_approaching");
        CHECK(messages[0].payload.at("state") == "a.b");
    }

    TEST_CASE("an emit carries its data, a notification its texts, an incident its cause") {
        Occurrence broken = occurrence();
        broken.incident =
            Incident{.code = "send_limit", .message = "Too many.", .event = "spin", .sequence = 2};
        const std::vector<Effect> effects{Emit{.type = "t", .data = {{"sequence", "own"}}},
                                          Notify{.role = "sme", .texts = {{"", "Hello"}}}};

        const std::vector<Message> messages = messages_of(subject(), broken, effects);

        REQUIRE(messages.size() == 3);
        CHECK(messages[0].payload.at("data").at("sequence") == "own");
        CHECK(messages[0].payload.at("sequence") == 2);
        CHECK(messages[1].payload.at("role") == "sme");
        CHECK(messages[1].payload.at("text").at("") == "Hello");
        CHECK(messages[2].payload.at("code") == "send_limit");
    }
}
