#include "server/webhooks/verdict.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

namespace {

constexpr Instant now{1'798'761'600'000};  // 2027-01-01T00:00:00Z

Verdict judged(const Reply& reply, DeliveryProgress before = {}, double chance = 0.5) {
    return judge(before, {.reply = reply, .now = now, .chance = chance});
}

}  // namespace

TEST_SUITE("webhooks/verdict") {
    TEST_CASE("2xx alone is success, and a redirect is none") {
        for (const int status : {200, 201, 204, 299}) {
            CHECK(judged({.status = status}).progress.status == DeliveryStatus::delivered);
        }
        for (const int status : {0, 301, 302, 307, 400, 404, 500, 503}) {
            CAPTURE(status);
            CHECK(judged({.status = status}).progress.status == DeliveryStatus::pending);
        }
        CHECK(judged({.status = 200, .failure = "cut off"}).progress.status ==
              DeliveryStatus::pending);
    }

    TEST_CASE("the schedule is that of Standard Webhooks, a fifth more or less, and then over") {
        const std::int64_t seconds[] = {5, 300, 1800, 7200, 18'000, 36'000, 50'400, 72'000, 86'400};
        for (const double chance : {0.0, 0.5, 1.0}) {
            DeliveryProgress progress;
            for (const std::int64_t wait : seconds) {
                progress = judged({.status = 500}, progress, chance).progress;
                const double factor = 0.8 + 0.4 * chance;
                CHECK((progress.next_at - now).milliseconds ==
                      doctest::Approx(static_cast<double>(wait) * 1000.0 * factor));
            }
            CHECK(progress.attempt_count == 9);
            progress = judged({.status = 500}, progress, chance).progress;
            CHECK(progress.status == DeliveryStatus::failed);
            CHECK(progress.ended_at == now);
        }
    }

    TEST_CASE("asked for again, it begins another round") {
        const Verdict verdict = judged({.status = 500}, {.attempt_count = 10});

        CHECK(verdict.progress.status == DeliveryStatus::pending);
        CHECK(verdict.progress.attempt_count == 11);
    }

    TEST_CASE("TM13: Retry-After is obeyed, a day at most, and holds the whole webhook back") {
        const Verdict verdict = judged({.status = 429, .headers = {"retry-after: 120"}});
        CHECK(verdict.progress.next_at == now + Duration{120'000});
        CHECK(verdict.hold_until == now + Duration{120'000});

        const Verdict shorter = judged({.status = 503, .headers = {"Retry-After: 1"}});
        CHECK(shorter.progress.next_at == now + Duration{5'000});
        CHECK(judged({.status = 500, .headers = {"Retry-After: 60"}}).hold_until == std::nullopt);
        CHECK(read_retry_after("Fri, 01 Jan 2027 00:01:00 GMT", now) == Duration{60'000});
        CHECK(read_retry_after("Thu, 31 Dec 2026 00:01:00 GMT", now) == Duration{0});
        CHECK(read_retry_after("999999999", now) == retry_after_max);
        for (const auto* text : {"", "soon", "-1", "Fri, 01 Xxx 2027 00:01:00 GMT", "1.5"}) {
            CHECK(read_retry_after(text, now) == std::nullopt);
        }
    }

    TEST_CASE("410 says that nobody is there any more") {
        CHECK(judged({.status = 410}).is_gone);
        CHECK_FALSE(judged({.status = 404}).is_gone);
    }
}
