#include "engine/store/sqlite/text_list.hpp"

#include "tests/support/ok.hpp"

using namespace sillage;
using test::error_of;
using test::ok;

TEST_SUITE("store/sqlite/text_list") {
    TEST_CASE("lists and pairs are read back as they were written") {
        const std::vector<std::string> texts{"a", "", "quote\" and \n", "é"};
        const TextPairs pairs{{"ETag", "\"1\""}, {"", ""}};

        CHECK(text_list({}) == "[]");
        CHECK(ok(texts_of(text_list(texts))) == texts);
        CHECK(ok(pairs_of(pair_list(pairs))) == pairs);
    }

    TEST_CASE("timers are read back as they were written") {
        const std::vector<StoredTimer> timers{
            {.id = 1, .due = Instant{-5}, .started = instant_min, .state = 3},
            {.id = 2, .due = instant_max}};

        CHECK(timer_list({}) == "[]");
        CHECK(timer_list({timers[1]}) == "[[2,253402300799999,0,0]]");
        CHECK(ok(timers_of(timer_list(timers))) == timers);
        for (const char* column : {"", "{}", "[1]", "[[1,2,3]]", "[[1,2,3,\"4\"]]"}) {
            CAPTURE(column);
            CHECK(error_of(timers_of(column)).code == ErrorCode::corrupt);
        }
    }

    TEST_CASE("anything else in the column is corrupt") {
        for (const char* column : {"", "{}", "[1]", "[\"a\"", "null"}) {
            CAPTURE(column);
            CHECK(error_of(texts_of(column)).code == ErrorCode::corrupt);
        }
        for (const char* column : {"[\"a\"]", "[[\"a\"]]", "[[\"a\",1]]"}) {
            CAPTURE(column);
            CHECK(error_of(pairs_of(column)).code == ErrorCode::corrupt);
        }
    }
}
