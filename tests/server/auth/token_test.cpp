#include "server/auth/token.hpp"

#include <array>

#include "engine/store/memory/memory_store.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

constexpr Instant now{1'000'000};

/// A store with one account and the tokens `good`, `expiring` and `revoked` of it.
struct Registry {
    MemoryStore store;
    Runtime runtime{store};

    Registry() {
        const auto transaction = ok(store.begin());
        ok(transaction->put(Record{.kind = RecordKind::account,
                                   .id = "acc_a",
                                   .revision = 1,
                                   .body = {{"name", "Ana"}, {"bindings", boost::json::array()}}}));
        put(*transaction, "good", nullptr, nullptr);
        put(*transaction, "expiring", boost::json::value(to_string(now)), nullptr);
        put(*transaction, "revoked", nullptr, boost::json::value(to_string(now)));
        ok(transaction->commit());
    }

    static void put(Transaction& transaction, const std::string& text,
                    const boost::json::value& expires_at, const boost::json::value& revoked_at) {
        ok(transaction.put(Record{
            .kind = RecordKind::token,
            .id = "tok_" + text,
            .revision = 1,
            .lookup = token_hash(text),
            .body = {
                {"account", "acc_a"}, {"expires_at", expires_at}, {"revoked_at", revoked_at}}}));
    }

    Result<Account> ask(std::optional<std::string_view> header, Instant at = now) {
        return runtime.read([&](Reader& reader) {
            return authenticate(reader, header, token_hash("the-admin"), at);
        });
    }
};

}  // namespace

TEST_SUITE("auth/token") {
    TEST_CASE("a token is a prefix and 256 bits in base64url") {
        std::array<std::uint8_t, token_bytes> bytes{};
        CHECK(token_text(bytes) == "sil_" + std::string(43, 'A'));
        bytes.fill(0xff);
        CHECK(token_text(bytes) == "sil_" + std::string(42, '_') + "8");
    }

    TEST_CASE("a known token is its account") {
        Registry registry;

        CHECK(ok(registry.ask("Bearer good")).id == "acc_a");
        CHECK(ok(registry.ask("bearer   good")).name == "Ana");
        CHECK(ok(registry.ask("Bearer expiring", Instant{now.milliseconds - 1})).id == "acc_a");
        CHECK(ok(registry.ask("Bearer the-admin")) == built_in_admin());
    }

    TEST_CASE("everything else is nobody") {
        Registry registry;
        const std::string long_header = "Bearer " + std::string(100'000, 'a');

        for (const std::string_view header :
             {std::string_view(""), std::string_view("Bearer"), std::string_view("Bearer "),
              std::string_view("Basic good"), std::string_view("good"),
              std::string_view("Bearer unknown"), std::string_view("Bearer expiring"),
              std::string_view("Bearer revoked"), std::string_view("Bearer good "),
              std::string_view(long_header)}) {
            CAPTURE(header.substr(0, 40));
            CHECK(error_of(registry.ask(header)).code == ErrorCode::unauthenticated);
        }
        CHECK(error_of(registry.ask(std::nullopt)).code == ErrorCode::unauthenticated);
    }
}
