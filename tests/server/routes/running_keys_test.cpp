#include "server/routes/running_keys.hpp"

#include "tests/support/ok.hpp"

using namespace sillage;
using server::RunningKeys;
using test::error_of;
using test::ok;

namespace {

Repeat repeat(std::string key, std::string body = "a") {
    return {.scope = "acc_a|POST|/v1/clusters", .key = std::move(key), .request_hash = body};
}

}  // namespace

TEST_SUITE("routes/running_keys") {
    TEST_CASE("a key that is held is not claimed again until its holder is gone") {
        RunningKeys keys;
        {
            const auto claim = ok(keys.claim(repeat("k")));
            CHECK(error_of(keys.claim(repeat("k"))).code == ErrorCode::in_progress);
        }
        CHECK(keys.claim(repeat("k")).has_value());
    }

    TEST_CASE("another body under a key that is held is told apart") {
        RunningKeys keys;
        const auto claim = ok(keys.claim(repeat("k")));

        CHECK(error_of(keys.claim(repeat("k", "b"))).code == ErrorCode::idempotency_mismatch);
    }

    TEST_CASE("other keys, and the same in another scope, are free") {
        RunningKeys keys;
        const auto claim = ok(keys.claim(repeat("k")));
        Repeat elsewhere = repeat("k");
        elsewhere.scope = "acc_b|POST|/v1/clusters";

        CHECK(keys.claim(repeat("l")).has_value());
        CHECK(keys.claim(elsewhere).has_value());
    }

    TEST_CASE("a claim that is handed on is released once, by whoever has it last") {
        RunningKeys keys;
        RunningKeys::Claim last;
        {
            auto claim = ok(keys.claim(repeat("k")));
            last = std::move(claim);
        }
        CHECK(error_of(keys.claim(repeat("k"))).code == ErrorCode::in_progress);
        last = {};
        CHECK(keys.claim(repeat("k")).has_value());
    }
}
