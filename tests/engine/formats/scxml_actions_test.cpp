#include "tests/engine/formats/scxml_text.hpp"

namespace sillage {
namespace {

/// The actions of one entry block.
Block block_of(std::string_view actions) {
    const auto definition = test::scxml_definition(
        test::scxml_of("<datamodel><data id=\"x\"/><data id=\"list\" expr=\"[1]\"/></datamodel>"
                       "<state id=\"a\"><onentry>" +
                       std::string(actions) + "</onentry></state>"));
    return definition->state(1).entry.front();
}

TEST_SUITE_BEGIN("formats/scxml_actions");

TEST_CASE("every branch of an if stands in the else of the one before") {
    const Block block = block_of(
        "<if cond=\"x == 1\"><log expr=\"1\"/><elseif cond=\"x == 2\"/><log expr=\"2\"/><log "
        "expr=\"2\"/><else/><log expr=\"3\"/></if>");
    const auto& first = std::get<IfAction>(block.front().node);

    CHECK(first.then.size() == 1);
    REQUIRE(first.otherwise.size() == 1);
    const auto& second = std::get<IfAction>(first.otherwise.front().node);
    CHECK(second.condition.text == "x == 2");
    CHECK(second.then.size() == 2);
    CHECK(second.otherwise.size() == 1);
}

TEST_CASE("a send says all it has as literals or expressions") {
    const Block block = block_of(
        "<send event=\"e\" targetexpr=\"'#_parent'\" id=\"i\" delay=\".5s\"><param name=\"p\" "
        "expr=\"x\"/></send>");
    const auto& send = std::get<SendAction>(block.front().node);

    CHECK(std::get<boost::json::value>(send.event.node) == "e");
    CHECK(std::get<Expression>(send.to.node).text == "'#_parent'");
    CHECK(std::get<boost::json::value>(send.id.node) == "i");
    REQUIRE(send.after);
    CHECK(std::get<CalendarDuration>(*send.after).exact == Duration{500});
    CHECK(std::get<ValueTemplate::Members>(send.data.node).front().first == "p");
}

TEST_CASE("what can never be done fails when it is reached") {
    const Block block = block_of(
        "<assign location=\"nowhere\" expr=\"1\"/><foreach array=\"list\" item=\"'x'\"/><send "
        "event=\"e\" idlocation=\"nowhere\"/><assign location=\"x\" expr=\"1\"/>");

    CHECK(std::holds_alternative<FailAction>(block[0].node));
    CHECK(std::holds_alternative<FailAction>(block[1].node));
    CHECK(std::holds_alternative<FailAction>(block[2].node));
    CHECK(std::holds_alternative<Assign>(block[3].node));
}

TEST_CASE("a label stands before the value that is logged") {
    const Block block = block_of("<log label=\"x is\" expr=\"x\"/><log label=\"alone\"/>");

    const auto& pieces = std::get<TextPieces>(std::get<LogAction>(block[0].node).value.node);
    CHECK(std::get<std::string>(pieces.front()) == "x is: ");
    CHECK(std::get<boost::json::value>(std::get<LogAction>(block[1].node).value.node) == "alone");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
