#include "server/app/setup_code.hpp"

#include <doctest/doctest.h>

#include "engine/store/memory/memory_store.hpp"
#include "server/auth/one_time_code.hpp"
#include "server/routes/services.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

constexpr Instant now{1'000'000};
constexpr std::int64_t half_hour_ms = 1'800'000;

/// Whether the code makes an administrator at that time.
bool is_good(Store& store, const std::string& code, Instant at) {
    const auto view = test::ok(store.read());
    return is_code(test::ok(view->setting(setup_code_setting)).value_or(""), code, at);
}

void put_account(Store& store, const std::string& role, const std::string& cluster) {
    boost::json::object binding{{"role", role}};
    if (!cluster.empty()) {
        binding["cluster"] = cluster;
    }
    const auto transaction = test::ok(store.begin());
    test::ok(transaction->put(
        Record{.kind = RecordKind::account,
               .id = "acc_" + role + cluster,
               .revision = 1,
               .body = {{"name", "Ana"}, {"bindings", boost::json::array{binding}}}}));
    test::ok(transaction->commit());
}

}  // namespace

TEST_SUITE("app/setup_code") {
    TEST_CASE("an empty folder gets a code, of which only the hash is kept") {
        MemoryStore store;
        const auto code = test::ok(renew_setup_code(store, now, false));

        REQUIRE(code.has_value());
        CHECK(code->size() > 40);
        CHECK(is_good(store, *code, now));
        const auto view = test::ok(store.read());
        CHECK(test::ok(view->setting(setup_code_setting))->find(*code) == std::string::npos);
    }

    TEST_CASE("an unused code is replaced at the next start") {
        MemoryStore store;
        const auto first = test::ok(renew_setup_code(store, now, false));
        const auto second = test::ok(renew_setup_code(store, now, false));

        REQUIRE(second.has_value());
        CHECK_FALSE(is_good(store, *first, now));
        CHECK(is_good(store, *second, now));
    }

    TEST_CASE("TM43: a code is good for half an hour, and a later start makes another") {
        MemoryStore store;
        const auto code = test::ok(renew_setup_code(store, now, false));

        CHECK(is_good(store, *code, Instant{now.milliseconds + half_hour_ms - 1}));
        CHECK_FALSE(is_good(store, *code, Instant{now.milliseconds + half_hour_ms}));
        const Instant later{now.milliseconds + half_hour_ms};
        const auto another = test::ok(renew_setup_code(store, later, false));
        CHECK(is_good(store, another.value_or(""), later));
    }

    TEST_CASE("an administrator of everything needs no code, one of a cluster is none") {
        MemoryStore store;
        put_account(store, "manager", "");
        put_account(store, "admin", "clu_a");
        CHECK(test::ok(renew_setup_code(store, now, false)).has_value());

        put_account(store, "admin", "");

        CHECK_FALSE(test::ok(renew_setup_code(store, now, false)).has_value());
    }

    TEST_CASE("once one was used there is never another") {
        MemoryStore store;
        test::ok(renew_setup_code(store, now, false));
        {
            const auto transaction = test::ok(store.begin());
            test::ok(transaction->set(setup_code_setting, ""));
            test::ok(transaction->commit());
        }
        CHECK_FALSE(test::ok(renew_setup_code(store, now, false)).has_value());
    }

    TEST_CASE("an administrator's token in the environment settles it") {
        MemoryStore store;
        CHECK_FALSE(test::ok(renew_setup_code(store, now, true)).has_value());
        CHECK_FALSE(test::ok(renew_setup_code(store, now, false)).has_value());
    }
}

}  // namespace sillage::server
