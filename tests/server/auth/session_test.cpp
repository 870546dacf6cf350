#include "server/auth/session.hpp"

#include <doctest/doctest.h>

#include <array>

namespace sillage::server {

namespace {

constexpr std::string_view secret = "acc_1.kR3";

std::optional<std::string> presented(std::string_view cookies) {
    const auto credential = session_presented(cookies);
    return credential ? std::optional(credential->account) : std::nullopt;
}

}  // namespace

TEST_SUITE("auth/session") {
    TEST_CASE("TM8: a cookie is for this host alone, over TLS, and hidden from scripts") {
        CHECK(kept_cookie(secret) ==
              "__Host-sillage=acc_1.kR3; Path=/; Secure; HttpOnly; SameSite=Lax");
        CHECK(forgotten_cookie().find("; Max-Age=0") != std::string::npos);
    }

    TEST_CASE("a session is found among other cookies") {
        CHECK(presented("__Host-sillage=acc_1.kR3") == "acc_1");
        CHECK(presented("a=b; __Host-sillage=acc_1.kR3; c=d") == "acc_1");
        CHECK(session_presented("__Host-sillage=acc_1.kR3")->value == token_hash(secret));
    }

    TEST_CASE("what is none of ours is none") {
        for (const std::string_view cookies :
             {"", "a=b", "sillage=acc_1.kR3", "__host-sillage=acc_1.kR3", "__Host-sillage",
              "__Host-sillage=", "__Host-sillage=kR3", "__Host-sillage=.kR3"}) {
            CAPTURE(cookies);
            CHECK(presented(cookies) == std::nullopt);
        }
        CHECK(presented("__Host-sillage=acc_1." + std::string(200, 'x')) == std::nullopt);
    }

    TEST_CASE("a secret has 256 bits") {
        const std::array<std::uint8_t, token_bytes> bytes{};
        CHECK(secret_text(bytes) == std::string(43, 'A'));
    }

    TEST_CASE("other roles have another hash") {
        Account account{.id = "acc_1", .bindings = {{.role = "mentor"}}};
        const std::string before = roles_hash(account);
        account.bindings.front().scope.cluster = "clu_1";

        CHECK(roles_hash(account) != before);
        CHECK(roles_hash(Account{}) != before);
    }
}

}  // namespace sillage::server
