#include "server/hooks/preset.hpp"

#include <doctest/doctest.h>

#include <map>

#include "server/hooks/signature.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

constexpr Instant now{1'614'265'330'000};

/// What came, with these headers.
struct Message {
    std::map<std::string, std::string, std::less<>> headers;
    std::string body;

    [[nodiscard]] Arrived arrived() const {
        return {.header = [this](std::string_view name) -> std::optional<std::string_view> {
                    const auto found = headers.find(name);
                    return found == headers.end() ? std::nullopt
                                                  : std::optional<std::string_view>(found->second);
                },
                .body = body,
                .now = now};
    }
};

}  // namespace

TEST_SUITE("hooks/preset") {
    TEST_CASE("TM10: GitHub's own example of a signature is taken, and named by the body") {
        Message message{
            .headers =
                {{"X-Hub-Signature-256",
                  "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
            .body = "Hello, World!"};
        const std::vector<std::string> secrets{"It's a Secret to Everybody"};

        const std::string id = ok(verified_id(Scheme::github, secrets, message.arrived()));
        CHECK(id == "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f");
        message.body += " ";
        CHECK_FALSE(verified_id(Scheme::github, secrets, message.arrived()));
        message.headers.clear();
        CHECK_FALSE(verified_id(Scheme::github, secrets, message.arrived()));
    }

    TEST_CASE("TM10: of Stripe's signatures one must be right, in time") {
        const std::vector<std::string> secrets{"whsec_of_stripes_own_kind"};
        const std::string body = R"({"id":"evt_1","object":"event"})";
        std::string digits;
        for (const char c : hmac_sha256(secrets.front(), "1614265330." + body)) {
            constexpr std::string_view hex = "0123456789abcdef";
            digits += hex[static_cast<unsigned char>(c) >> 4U];
            digits += hex[static_cast<unsigned char>(c) & 15U];
        }
        Message message{
            .headers = {{"Stripe-Signature", "t=1614265330,v1=00,v1=" + digits + ",v0=x"}},
            .body = body};

        CHECK(ok(verified_id(Scheme::stripe, secrets, message.arrived())) == "evt_1");
        message.headers["Stripe-Signature"] = "t=1614265331,v1=" + digits;
        CHECK_FALSE(verified_id(Scheme::stripe, secrets, message.arrived()));
        message.headers["Stripe-Signature"] = "t=1614260000,v1=" + digits;
        CHECK_FALSE(verified_id(Scheme::stripe, secrets, message.arrived()));
    }

    TEST_CASE("TM10: a message of Standard Webhooks needs all three headers") {
        const std::vector<std::string> secrets{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
        Message message{
            .headers = {{"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
                        {"webhook-timestamp", "1614265330"},
                        {"webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}},
            .body = R"({"test": 2432232314})"};

        CHECK(ok(verified_id(Scheme::standard, secrets, message.arrived())) ==
              "msg_p5jXN8AQM9LWM0D4loKWxJek");
        for (const auto* name : {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
            Message lacking = message;
            lacking.headers.erase(name);
            CHECK(error_of(verified_id(Scheme::standard, secrets, lacking.arrived())).message ==
                  std::string("The message has no header ") + name + ".");
        }
    }

    TEST_CASE("a scheme has a name, and its secrets a form") {
        CHECK(scheme_named("github") == Scheme::github);
        CHECK(scheme_named("gitlab") == std::nullopt);
        CHECK(name_of(Scheme::standard) == "standard");
        CHECK_FALSE(check_secret(Scheme::standard, "too short for anybody"));
        CHECK_FALSE(check_secret(Scheme::github, "too short"));
        CHECK(check_secret(Scheme::github, "sixteen letters!"));
    }
}
