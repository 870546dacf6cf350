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

    TEST_CASE("a refusal speaks with the decisive reason") {
        const Error error{.code = ErrorCode::event_refused,
                          .message = "refused",
                          .reasons = {{.code = ReasonCode::guard, .message = "Not yet."}}};

        CHECK(shown_refusal(error, Definition{}, Call{}).message == "Not yet.");
    }

    TEST_CASE("TM37: why a workflow could not go on is for those who run it") {
        const Error broken{.code = ErrorCode::contract_broken, .message = "score is 3"};

        CHECK(shown_refusal(broken, Definition{}, Call{}).message == "score is 3");
        CHECK(shown_refusal(broken, Definition{}, Call{.audience = Audience::outside})
                  .message.find('3') == std::string::npos);
    }
}
