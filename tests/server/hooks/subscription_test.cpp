#include "server/hooks/subscription.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

namespace {

constexpr Instant now{1'798'761'600'000};
constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr auto newer = "whsec_AAAQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

Record record() {
    boost::json::object body{{"url", "https://example.org/"},
                             {"account", "acc_1"},
                             {"types", {"sillage.instance.*", "paid"}},
                             {"mode", "binary"},
                             {"enabled", true},
                             {"disabled_at", nullptr},
                             {"deleted_at", nullptr},
                             {"created_at", to_string(now)}};
    body.emplace("secrets", boost::json::array{{{"secret", secret}, {"ends_at", nullptr}}});
    return Record{.kind = RecordKind::webhook, .id = "whk_1", .cluster = "clu_1", .body = body};
}

}  // namespace

TEST_SUITE("hooks/subscription") {
    TEST_CASE("a record is read") {
        const Subscription subscription = subscription_of(record());

        CHECK(subscription.mode == ContentMode::binary);
        CHECK(subscription.is_active());
        CHECK(subscription.keys_at(now).size() == 1);
        CHECK(subscription.cluster == "clu_1");
    }

    TEST_CASE("types are asked for by name or by their beginning, and none means all") {
        Subscription subscription = subscription_of(record());

        CHECK(subscription.wants("sillage.instance.started"));
        CHECK(subscription.wants("paid"));
        CHECK_FALSE(subscription.wants("paid.twice"));
        CHECK_FALSE(subscription.wants("sillage.cohort.bulk_finished"));
        subscription.types.clear();
        CHECK(subscription.wants("anything"));
    }

    TEST_CASE("TM11: a replaced secret signs for a day beside the new one, and is then dead") {
        Record changed = record();
        changed.body["secrets"] = rotated(changed.body.at("secrets").as_array(), newer, now);

        const Subscription subscription = subscription_of(changed);
        CHECK(subscription.secrets.front().text == newer);
        CHECK(subscription.keys_at(now).size() == 2);
        CHECK(subscription.keys_at(now + secret_overlap).size() == 1);
        const auto later =
            rotated(changed.body.at("secrets").as_array(), secret, now + secret_overlap);
        CHECK(later.size() == 2);
    }

    TEST_CASE("what the server has disabled is not active, until that is undone") {
        Record changed = record();
        disable(changed.body, disabled_gone, now);
        CHECK_FALSE(subscription_of(changed).is_active());

        undo_disable(changed.body);
        CHECK(subscription_of(changed).is_active());
    }
}
