#include "engine/model/context.hpp"

#include <doctest/doctest.h>

using namespace sillage;

namespace {

Definition two_fields() {
    Definition definition;
    definition.context = {{.name = "score"}, {.name = "attempts"}};
    return definition;
}

}  // namespace

TEST_SUITE("model/context") {
    TEST_CASE("values stand by position and are found by name") {
        const Definition definition = two_fields();
        const Snapshot snapshot{.context = {7, "two"}};

        CHECK(context_position(definition, "attempts") == 1);
        CHECK_FALSE(context_position(definition, "other").has_value());
        CHECK(*context_value(definition, snapshot, "attempts") == "two");
        CHECK(context_value(definition, snapshot, "other") == nullptr);
        CHECK(context_value(definition, Snapshot{}, "score") == nullptr);
    }

    TEST_CASE("as JSON the context has every field by its name, in the definition's order") {
        const boost::json::object object =
            context_object(two_fields(), Snapshot{.context = {7, nullptr}});

        CHECK(object == boost::json::object{{"score", 7}, {"attempts", nullptr}});
        CHECK(object.begin()->key() == "score");
    }
}
