#include "server/app/setup_code.hpp"

#include <doctest/doctest.h>

#include "engine/store/memory/memory_store.hpp"
#include "server/auth/token.hpp"
#include "server/routes/services.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

std::optional<std::string> stored_in(Store& store) {
    const auto view = test::ok(store.read());
    return test::ok(view->setting(setup_code_setting));
}

}  // namespace

TEST_SUITE("app/setup_code") {
    TEST_CASE("an empty folder gets a code, of which only the hash is kept") {
        MemoryStore store;
        const auto code = test::ok(renew_setup_code(store, false));

        REQUIRE(code.has_value());
        CHECK(code->size() > 40);
        CHECK(stored_in(store) == token_hash(*code));
    }

    TEST_CASE("an unused code is replaced at the next start") {
        MemoryStore store;
        const auto first = test::ok(renew_setup_code(store, false));
        const auto second = test::ok(renew_setup_code(store, false));

        REQUIRE(second.has_value());
        CHECK(first != second);
        CHECK(stored_in(store) == token_hash(*second));
    }

    TEST_CASE("once one was used there is never another") {
        MemoryStore store;
        test::ok(renew_setup_code(store, false));
        {
            const auto transaction = test::ok(store.begin());
            test::ok(transaction->set(setup_code_setting, ""));
            test::ok(transaction->commit());
        }
        CHECK_FALSE(test::ok(renew_setup_code(store, false)).has_value());
    }

    TEST_CASE("an administrator's token in the environment settles it") {
        MemoryStore store;
        CHECK_FALSE(test::ok(renew_setup_code(store, true)).has_value());
        CHECK_FALSE(test::ok(renew_setup_code(store, false)).has_value());
    }
}

}  // namespace sillage::server
