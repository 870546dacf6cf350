#include "server/routes/instance_json.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

TEST_SUITE("routes/instance_json") {
    TEST_CASE("the sequence is the entity tag") {
        CHECK(etag_of(InstanceRecord{.sequence = 7}) == "\"7\"");
    }
}
