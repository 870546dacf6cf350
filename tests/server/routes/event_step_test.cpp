#include "server/routes/event_step.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

TEST_SUITE("routes/event_step") {
    TEST_CASE("a body without data has none") {
        CHECK(submit_command({{"event", "go"}}).data.is_null());
        CHECK(submit_command({{"event", "go"}, {"data", {{"a", 1}}}}).data.is_object());
        CHECK(submit_command({{"event", "go"}}).event == "go");
    }

    TEST_CASE("a refusal speaks with the decisive reason and hides what is not for the caller") {
        const Definition definition{
            .context = {{.name = "score", .schema = {.visible_to = {"mentor"}}}, {.name = "name"}}};
        const Error error{.code = ErrorCode::event_refused,
                          .message = "refused",
                          .reasons = {{.code = ReasonCode::guard,
                                       .message = "Not yet.",
                                       .values = {{"score", 5}, {"name", "x"}, {"now", "t"}}}}};

        const Error company = shown_refusal(error, definition, Call{.actor = {.roles = {"sme"}}});
        const Error mentor = shown_refusal(error, definition, Call{.actor = {.roles = {"mentor"}}});

        CHECK(company.message == "Not yet.");
        CHECK(company.reasons[0].values == boost::json::object{{"name", "x"}, {"now", "t"}});
        CHECK(mentor.reasons[0].values == error.reasons[0].values);
    }
}
