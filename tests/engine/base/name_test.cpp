#include "engine/base/name.hpp"

#include <doctest/doctest.h>

using sillage::Name;

TEST_SUITE("base/name") {
    TEST_CASE("a name is equal to its text, whoever owns it") {
        const Name name = "submit";
        const Name copy = name;
        const Name other = std::string("submit");

        CHECK(copy == name);
        CHECK(other == name);
        CHECK(name == "submit");
        CHECK(name != std::string("approve"));
        CHECK(Name("approve") < name);
    }

    TEST_CASE("copies share one text, which lives as long as the last of them") {
        Name kept;
        {
            const Name made = std::string(100, 'x');
            kept = made;
            CHECK(kept.text().data() == made.text().data());
        }
        CHECK(kept.view() == std::string(100, 'x'));
    }

    TEST_CASE("an empty name owns nothing, also after it was moved away") {
        Name name = "submit";
        const Name taken = std::move(name);

        CHECK(taken == "submit");
        CHECK(Name().empty());
        CHECK(Name("") == Name());
        CHECK(name.empty());  // NOLINT: what is left behind is promised
        CHECK(name.view().empty());
    }

    TEST_CASE("a name assigned to itself stays") {
        Name name = "submit";
        const Name& same = name;
        name = same;

        CHECK(name == "submit");
    }
}
