#include "server/webhooks/request_text.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::ok;

TEST_SUITE("webhooks/request_text") {
    TEST_CASE("TM11: a request is signed for its own time, over its bytes") {
        const Delivery delivery{.event = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                .headers = {"Content-Type: application/json"},
                                .body = R"({"test": 2432232314})"};
        const std::vector<SignatureKey> keys{
            ok(SignatureKey::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))};
        const Target target = ok(parse_target("http://127.0.0.1:8080/hooks?a=b"));

        const RequestText request =
            request_text(delivery, target, keys, Instant{1'614'265'330'999});

        CHECK(request.text.starts_with("POST /hooks?a=b HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"));
        CHECK(request.text.ends_with(
            "Content-Length: 20\r\nContent-Type: application/json\r\n"
            "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\r\nwebhook-timestamp: 1614265330\r\n"
            "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n\r\n"
            R"({"test": 2432232314})"));
    }
}
