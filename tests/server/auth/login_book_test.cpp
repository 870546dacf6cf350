#include "server/auth/login_book.hpp"

#include <doctest/doctest.h>

#include "engine/store/memory/memory_store.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

constexpr Instant now{1'000'000};

LoginSession session(const std::string& id, Instant ends_at) {
    return {.id = id,
            .hash = "hash-" + id,
            .roles_hash = "roles",
            .created_at = Instant{1},
            .seen_at = Instant{2},
            .ends_at = ends_at};
}

void keep(Store& store, const LoginBook& book) {
    const auto transaction = test::ok(store.begin());
    test::ok(keep_login_book(*transaction, "acc_1", book, now));
    test::ok(transaction->commit());
}

LoginBook kept_in(Store& store) {
    const auto view = test::ok(store.read());
    return test::ok(login_book(*view, "acc_1"));
}

}  // namespace

TEST_SUITE("auth/login_book") {
    TEST_CASE("what is kept is read again") {
        MemoryStore store;
        CHECK(kept_in(store) == LoginBook{});
        const LoginBook book{.sessions = {session("ses_1", Instant{2'000'000})},
                             .links = {{.hash = "h", .ends_at = Instant{2'000'000}}},
                             .token_uses = {{"tok_1", Instant{5}}}};

        keep(store, book);

        CHECK(kept_in(store) == book);
    }

    TEST_CASE("what has ended is dropped, and of too many the oldest") {
        MemoryStore store;
        LoginBook book{.sessions = {session("over", now)},
                       .links = {{.hash = "over", .ends_at = now}}};
        for (std::size_t count = 0; count <= sessions_max; ++count) {
            book.sessions.push_back(session("ses_" + std::to_string(count), Instant{2'000'000}));
            book.links.push_back({.hash = std::to_string(count), .ends_at = Instant{2'000'000}});
        }

        keep(store, book);

        const LoginBook kept = kept_in(store);
        REQUIRE(kept.sessions.size() == sessions_max);
        CHECK(kept.sessions.front().id == "ses_1");
        CHECK(kept.links.size() == links_max);
    }

    TEST_CASE("uses are written where they belong, and never backwards") {
        MemoryStore store;
        keep(store, {.sessions = {session("ses_1", Instant{2'000'000})}});
        const auto transaction = test::ok(store.begin());

        test::ok(keep_uses(*transaction,
                           {{.account = "acc_1", .credential = "ses_1", .at = Instant{9}},
                            {.account = "acc_1", .credential = "ses_gone", .at = Instant{9}},
                            {.account = "acc_1", .credential = "tok_1", .at = Instant{7}}},
                           now));
        test::ok(transaction->commit());

        const LoginBook kept = kept_in(store);
        CHECK(kept.sessions.front().seen_at == Instant{9});
        CHECK(kept.sessions.size() == 1);
        CHECK(kept.token_uses.at("tok_1") == Instant{7});
    }
}

}  // namespace sillage::server
