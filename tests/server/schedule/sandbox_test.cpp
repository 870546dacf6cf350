#include "server/schedule/sandbox.hpp"

#include <doctest/doctest.h>

#include "tests/support/await.hpp"
#include "tests/support/ticking.hpp"

namespace sillage::server {

namespace {

using Instants = std::vector<std::string>;

Instant at(const std::string& text) { return test::ok(parse_instant(text)); }

}  // namespace

TEST_SUITE("schedule/sandbox") {
    TEST_CASE("the clock of a new sandbox stands at the start of 2027") {
        CHECK(to_string(sandbox_start_default) == "2027-01-01T00:00:00.000Z");
        CHECK(Sandbox(sandbox_start_default).now() == sandbox_start_default);
    }

    TEST_CASE("a duration leads forward from where the clock stands") {
        const Sandbox sandbox(sandbox_start_default);

        CHECK(test::ok(sandbox.after("14 days")) == at("2027-01-15T00:00:00Z"));
        CHECK(test::ok(sandbox.after("1 month")) == at("2027-02-01T00:00:00Z"));
        CHECK(test::ok(sandbox.after("36h")) == at("2027-01-02T12:00:00Z"));
        CHECK(test::error_of(sandbox.after("soon")).code == ErrorCode::invalid_argument);
    }

    TEST_CASE("advancing fires what falls due, each at its own instant, and what that starts") {
        test::Ticking ticking;
        ticking.start("ins_1", sandbox_start_default);
        Gate gate(ticking.runtime);
        Sandbox sandbox(sandbox_start_default);

        const Advanced advanced =
            test::ok(test::await(sandbox.advance(gate, at("2027-01-25T00:00:00Z"))));

        CHECK(advanced == Advanced{.now = at("2027-01-25T00:00:00Z"), .fired = 2});
        CHECK(sandbox.now() == advanced.now);
        gate.stop();
        CHECK(ticking.log_of("ins_1") == Instants{"2027-01-01", "2027-01-11", "2027-01-21"});
    }

    TEST_CASE("what is not due yet stays, and the rest of the way fires it") {
        test::Ticking ticking;
        ticking.start("ins_1", sandbox_start_default);
        Gate gate(ticking.runtime);
        Sandbox sandbox(sandbox_start_default);

        CHECK(test::ok(test::await(sandbox.advance(gate, at("2027-01-10T23:59:59Z")))).fired == 0);
        CHECK(test::ok(test::await(sandbox.advance(gate, at("2027-01-11T00:00:00Z")))).fired == 1);
        CHECK(test::ok(test::await(sandbox.advance(gate, at("2027-01-11T00:00:00Z")))).fired == 0);
    }

    TEST_CASE("the clock never goes back") {
        test::Ticking ticking;
        Gate gate(ticking.runtime);
        Sandbox sandbox(sandbox_start_default);

        const Error error =
            test::error_of(test::await(sandbox.advance(gate, at("2026-12-31T00:00:00Z"))));

        CHECK(error.code == ErrorCode::invalid_argument);
        CHECK(error.where == "/to");
        CHECK(sandbox.now() == sandbox_start_default);
    }

    TEST_CASE("after a restart the clock stands where it was sent") {
        test::Ticking ticking;
        CHECK(test::ok(mark_folder(ticking.store, sandbox_start_default)) == sandbox_start_default);
        {
            Gate gate(ticking.runtime);
            Sandbox sandbox(sandbox_start_default);
            test::ok(test::await(sandbox.advance(gate, at("2027-03-01T00:00:00Z"))));
        }

        CHECK(test::ok(mark_folder(ticking.store, sandbox_start_default)) ==
              at("2027-03-01T00:00:00Z"));
    }

    TEST_CASE("a folder stays what it was at first") {
        MemoryStore sandbox;
        test::ok(mark_folder(sandbox, sandbox_start_default));
        CHECK(test::error_of(mark_folder(sandbox, std::nullopt)).message.find("--sandbox") !=
              std::string::npos);

        MemoryStore real;
        CHECK_FALSE(test::ok(mark_folder(real, std::nullopt)).has_value());
        CHECK_FALSE(test::ok(mark_folder(real, std::nullopt)).has_value());
        CHECK(test::error_of(mark_folder(real, sandbox_start_default)).code ==
              ErrorCode::invalid_argument);
    }
}

}  // namespace sillage::server
