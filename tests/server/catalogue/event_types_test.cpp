#include "server/catalogue/event_types.hpp"

#include <doctest/doctest.h>

using namespace sillage::server;

TEST_SUITE("catalogue/event_types") {
    TEST_CASE("a type of the server's is found by its name, a workflow's own is not") {
        CHECK(event_type("sillage.instance.incident")->schema == "InstanceIncident");
        CHECK_FALSE(event_type("example.asked"));
        CHECK_FALSE(event_type(""));
    }

    TEST_CASE("every type has a schema and a sentence") {
        for (const EventType& type : event_types()) {
            CHECK(type.type.starts_with("sillage."));
            CHECK_FALSE(type.schema.empty());
            CHECK_FALSE(type.summary.ends_with('.'));
        }
    }
}
