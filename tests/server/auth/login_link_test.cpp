#include "server/auth/login_link.hpp"

#include <doctest/doctest.h>

#include <array>

#include "engine/store/memory/memory_store.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

using test::ok;

constexpr Instant now{1'000'000};
constexpr std::array<std::uint8_t, token_bytes> chance{1, 2, 3};

}  // namespace

TEST_SUITE("auth/login_link") {
    TEST_CASE("TM38: a link is good once, and of it only a hash is kept") {
        MemoryStore store;
        const auto transaction = ok(store.begin());
        const std::string code = ok(put_link(*transaction, "acc_1", chance, now));

        CHECK(ok(transaction->setting("logins:acc_1"))->find(code) == std::string::npos);
        CHECK(ok(account_of_link(*transaction, code, now)) == "acc_1");
        CHECK(ok(account_of_link(*transaction, code, now)) == "acc_1");
        CHECK(ok(take_link(*transaction, code, now)) == "acc_1");
        CHECK(ok(take_link(*transaction, code, now)) == std::nullopt);
        CHECK(ok(account_of_link(*transaction, code, now)) == std::nullopt);
    }

    TEST_CASE("TM38: a link is good for a quarter of an hour") {
        MemoryStore store;
        const auto transaction = ok(store.begin());
        const std::string code = ok(put_link(*transaction, "acc_1", chance, now));

        CHECK(ok(account_of_link(*transaction, code, Instant{now.milliseconds + 899'999})));
        CHECK_FALSE(ok(take_link(*transaction, code, Instant{now.milliseconds + 900'000})));
    }

    TEST_CASE("another code, or another account's, is none") {
        MemoryStore store;
        const auto transaction = ok(store.begin());
        const std::string code = ok(put_link(*transaction, "acc_1", chance, now));
        const std::string secret = code.substr(code.find('.'));

        const std::vector<std::string> wrong_ones{
            "", "acc_1", "acc_1.", "acc_2" + secret, code + "A", code.substr(0, code.size() - 1)};
        for (const std::string& wrong : wrong_ones) {
            CAPTURE(wrong);
            CHECK(ok(take_link(*transaction, wrong, now)) == std::nullopt);
        }
        CHECK(ok(take_link(*transaction, code, now)) == "acc_1");
    }
}

}  // namespace sillage::server
