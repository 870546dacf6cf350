#include "engine/cel/value.hpp"

#include <doctest/doctest.h>
#include <cmath>

using namespace sillage;

TEST_SUITE("cel/value") {
    TEST_CASE("an instant becomes a timestamp and comes back") {
        for (const std::int64_t ms : {0LL, 1LL, -1LL, -1000LL, 1'800'000'000'123LL}) {
            CAPTURE(ms);
            const Value value = instant_value(Instant{ms});
            const auto* at = value.get_if<Timestamp>();
            REQUIRE(at);
            CHECK(at->nanoseconds >= 0);
            CHECK(instant_of(*at) == Instant{ms});
        }
    }

    TEST_CASE("equality goes across number types and into lists and maps") {
        const Value one_as_int{std::int64_t{1}};
        const Value one_as_double{1.0};

        CHECK(equal(one_as_int, one_as_double));
        CHECK(equal(list_value({one_as_int}), list_value({one_as_double})));
        CHECK(equal(map_value({{text_value("a"), one_as_int}, {text_value("b"), Value()}}),
                    map_value({{text_value("b"), Value()}, {text_value("a"), one_as_double}})));
        CHECK_FALSE(equal(one_as_int, text_value("1")));
        CHECK_FALSE(equal(Value(std::nan("")), Value(std::nan(""))));
        CHECK_FALSE(equal(list_value({}), map_value({})));
    }

    TEST_CASE("every alternative has CEL's type name") {
        CHECK(type_name(Value()) == "null_type");
        CHECK(type_name(Value(std::uint64_t{1})) == "uint");
        CHECK(type_name(Value(Timestamp{})) == "google.protobuf.Timestamp");
        CHECK(type_name(Value(TypeName{"int"})) == "type");
    }

    TEST_CASE("an owned value outlives what its texts were borrowed from") {
        auto lender = std::make_unique<std::string>("a text that is too long to stand in place");
        const Value borrowed =
            list_value({borrowed_text(*lender), map_value({{borrowed_text(*lender), Value(true)}}),
                        Value(Bytes{*lender}), Value(1.5)});
        const std::string before = to_string(borrowed);

        const Value kept = owned(borrowed);
        lender.reset();

        CHECK(to_string(kept) == before);
    }

    TEST_CASE("a value that borrows nothing is not copied to be owned") {
        const Value list = list_value({text_value("a"), Value(1.5), map_value({})});

        CHECK(owned(list).list() == list.list());
    }
}
