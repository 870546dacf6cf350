#include "server/auth/allowances.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sillage::server;
using namespace std::chrono_literals;

namespace {

using Verdict = Allowances::Verdict;

/// Allowances under a clock that the test sets.
struct Bench {
    Allowances::TimePoint now = {};
    Allowances allowances;

    explicit Bench(const Allowance& each, std::size_t accounts_max = 100)
        : allowances(
              each, [this] { return now; }, accounts_max) {}

    Allowances::Outcome enter(const std::string& account = "acc_a") {
        return allowances.enter(account);
    }
    /// Of so many requests, one after another.
    std::size_t granted(std::size_t count, const std::string& account = "acc_a") {
        std::size_t granted = 0;
        for (std::size_t i = 0; i < count; ++i) {
            granted += enter(account).verdict == Verdict::granted ? 1U : 0U;
        }
        return granted;
    }
};

}  // namespace

TEST_SUITE("auth/allowances") {
    TEST_CASE("an account may send its whole allowance at once, and no more") {
        Bench bench({.requests = 100, .window = 60s});

        CHECK(bench.granted(150) == 100);
        CHECK(bench.enter().verdict == Verdict::too_often);
        CHECK(bench.granted(150, "acc_b") == 100);
    }

    TEST_CASE("what was used comes back evenly, up to the whole") {
        Bench bench({.requests = 100, .window = 60s});
        bench.granted(100);

        bench.now += 590ms;
        CHECK(bench.granted(2) == 0);
        bench.now += 20ms;
        CHECK(bench.granted(2) == 1);
        bench.now += 30s;
        CHECK(bench.granted(100) == 50);
        bench.now += 24h;
        CHECK(bench.granted(150) == 100);
    }

    TEST_CASE("an outcome says what is left and when there is more") {
        Bench bench({.requests = 100, .window = 60s});

        const auto first = bench.enter();
        CHECK(first.left == 99);
        CHECK(first.all_s == 1);
        bench.granted(99);
        const auto refused = bench.enter();
        CHECK(refused.left == 0);
        CHECK(refused.next_s == 1);
        CHECK(refused.all_s == 60);
    }

    TEST_CASE("only so many requests of an account run at once") {
        Bench bench({.requests = 100, .window = 60s, .running = 2});
        std::vector<Allowances::Outcome> running;
        running.push_back(bench.enter());
        running.push_back(bench.enter());

        const auto third = bench.enter();
        CHECK(third.verdict == Verdict::too_many_running);
        CHECK(third.left == 98);
        CHECK(bench.enter("acc_b").verdict == Verdict::granted);

        running.pop_back();
        CHECK(bench.enter().verdict == Verdict::granted);
    }

    TEST_CASE("when too many accounts are known, those at rest are forgotten, running ones not") {
        Bench bench({.requests = 10, .window = 60s, .running = 1}, 4);
        const auto running = bench.enter("acc_a");
        for (const std::string name : {"acc_b", "acc_c", "acc_d"}) {
            bench.granted(5, name);
        }

        CHECK(bench.enter("acc_e").left == 9);

        CHECK(bench.enter("acc_a").verdict == Verdict::too_many_running);
        CHECK(bench.enter("acc_b").left == 9);
    }

    TEST_CASE("accounts that have their whole allowance again are the first to be forgotten") {
        Bench bench({.requests = 10, .window = 60s}, 4);
        bench.granted(1, "acc_a");
        bench.granted(1, "acc_b");
        bench.granted(1, "acc_c");
        bench.now += 10s;
        bench.granted(5, "acc_d");

        bench.enter("acc_e");

        CHECK(bench.enter("acc_d").left == 4);
    }
}
