#include "server/auth/holders.hpp"

#include <optional>
#include <string_view>

#include "engine/store/memory/memory_store.hpp"
#include "server/auth/token.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

constexpr Instant now{1'000'000};

Credential credential(std::string_view token) {
    return {Credential::Kind::token, token_hash(token)};
}

/// When a token ends.
struct End {
    boost::json::value expires_at = nullptr;
    boost::json::value revoked_at = nullptr;
};

/// A store with the account acc_a and tokens of it, named by their text.
struct Registry {
    MemoryStore store;
    Runtime runtime{store};
    Holders holders{token_hash("the-admin")};

    Registry() {
        put_account(1, "Ana");
        put_token("good", 1);
        put_token("expiring", 1, {.expires_at = boost::json::value(to_string(now))});
        put_token("revoked", 1, {.revoked_at = boost::json::value(to_string(now))});
    }

    void put(const Record& record) {
        const auto transaction = ok(store.begin());
        ok(transaction->put(record));
        ok(transaction->commit());
    }
    void put_account(std::uint64_t revision, std::string_view name) {
        put({.kind = RecordKind::account,
             .id = "acc_a",
             .revision = revision,
             .body = {{"name", name}, {"bindings", boost::json::array()}}});
    }
    void put_token(const std::string& text, std::uint64_t revision, const End& end = {}) {
        put({.kind = RecordKind::token,
             .id = "tok_" + text,
             .revision = revision,
             .lookup = token_hash(text),
             .body = {{"account", "acc_a"},
                      {"expires_at", end.expires_at},
                      {"revoked_at", end.revoked_at}}});
    }

    Result<AccountPointer> find(std::string_view token, Instant at = now) {
        return holders.find(runtime, credential(token), at);
    }
};

}  // namespace

TEST_SUITE("auth/holders") {
    TEST_CASE("a token is its account's") {
        Registry registry;

        CHECK(ok(registry.find("good"))->id == "acc_a");
        CHECK(ok(registry.find("expiring", Instant{now.milliseconds - 1}))->name == "Ana");
        CHECK(*ok(registry.find("the-admin")) == built_in_admin());
    }

    TEST_CASE("what is unknown, expired or revoked is nobody's") {
        Registry registry;
        for (const std::string_view token : {"unknown", "expiring", "revoked", ""}) {
            CAPTURE(token);
            CHECK(error_of(registry.find(token)).code == ErrorCode::unauthenticated);
        }
        CHECK(error_of(Holders().find(registry.runtime, Credential{}, now)).code ==
              ErrorCode::unauthenticated);
    }

    TEST_CASE("a holder is recalled once it was found, as one and the same") {
        Registry registry;
        CHECK(registry.holders.recall(credential("good")) == nullptr);

        const AccountPointer found = ok(registry.find("good"));

        CHECK(ok(registry.find("good")) == found);
        CHECK(registry.holders.recall(credential("good")) == found);
        CHECK(registry.holders.recall(credential("the-admin"))->id == "acc_admin");
        CHECK(registry.holders.recall(credential("unknown")) == nullptr);
    }

    TEST_CASE("the operator is an administrator under a name of its own") {
        Registry registry;
        const Credential credential{Credential::Kind::operator_user, "root"};

        CHECK(ok(registry.holders.find(registry.runtime, credential, now))->id == "operator:root");
        CHECK(registry.holders.recall(credential)->bindings == built_in_admin().bindings);
    }

    TEST_CASE("a use is written down once, and again an hour later") {
        Registry registry;
        const auto used_at = [&](std::int64_t minutes) {
            ok(registry.find("good", Instant{now.milliseconds + minutes * 60'000}));
            return registry.holders.take_due_uses().size();
        };

        CHECK(used_at(0) == 1);
        CHECK(used_at(1) == 0);
        CHECK(used_at(59) == 0);
        CHECK(used_at(60) == 1);
        CHECK(used_at(61) == 0);
        CHECK(registry.holders.last_use("tok_good") == Instant{now.milliseconds + 61 * 60'000});
        CHECK(registry.holders.last_use("tok_other") == std::nullopt);
    }

    TEST_CASE("what is refused was not used") {
        Registry registry;
        CHECK(error_of(registry.find("expiring")).code == ErrorCode::unauthenticated);

        CHECK(registry.holders.take_due_uses().empty());
        CHECK(registry.holders.last_use("tok_expiring") == std::nullopt);
    }

    TEST_CASE("a token that is remembered still expires") {
        Registry registry;
        ok(registry.find("expiring", Instant{now.milliseconds - 1}));

        CHECK(error_of(registry.find("expiring")).code == ErrorCode::unauthenticated);
    }

    TEST_CASE("a revocation and a new role hold from the next look on") {
        Registry registry;
        ok(registry.find("good"));

        registry.put_account(2, "Anna");
        CHECK(ok(registry.find("good"))->name == "Anna");
        registry.put_token("good", 2, {.revoked_at = boost::json::value(to_string(now))});

        CHECK(error_of(registry.find("good")).code == ErrorCode::unauthenticated);
        CHECK(registry.holders.recall(credential("good")) == nullptr);
    }
}
