#include "server/routes/batch.hpp"

#include "engine/base/json.hpp"
#include "tests/server/routes/world.hpp"

namespace sillage::server {

TEST_SUITE("routes/batch") {
    TEST_CASE("outcomes are counted in the order that is asked for, none as well") {
        const auto outcomes = test::ok(
            parse_json(R"([{"outcome":"taken"},{"outcome":"failed"},{"outcome":"taken"}])"));

        CHECK(to_json_text(outcome_counts(outcomes.as_array(), {"taken", "blocked", "failed"})) ==
              R"({"taken":2,"blocked":0,"failed":1})");
    }
}

}  // namespace sillage::server
