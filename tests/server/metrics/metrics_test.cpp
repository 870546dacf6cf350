#include "server/metrics/metrics.hpp"

#include <doctest/doctest.h>

using namespace sillage::server;
using namespace std::chrono_literals;

TEST_SUITE("metrics/metrics") {
    TEST_CASE("requests are told by route and kind of status, once there are any") {
        Metrics metrics;
        metrics.requests.expect({"GET /v1/me", "POST /v1/instances"});
        metrics.requests.observe("GET", "/v1/me", 200, 1ms);
        metrics.requests.observe("HEAD", "/v1/me", 401, 1ms);
        const std::string text = metrics.text();

        CHECK(text.find("sillage_http_requests_total{method=\"GET\",route=\"/v1/me\","
                        "status=\"2xx\"} 1\n") != std::string::npos);
        CHECK(text.find("route=\"/v1/me\",status=\"4xx\"} 1\n") != std::string::npos);
        CHECK(
            text.find("sillage_http_request_seconds_count{method=\"GET\",route=\"/v1/me\"} 2\n") !=
            std::string::npos);
        CHECK(text.find("/v1/instances") == std::string::npos);
    }

    TEST_CASE("requests of no route are one series, whatever they ask for") {
        Metrics metrics;
        metrics.requests.expect({"GET /v1/me"});
        metrics.requests.observe("GET", "/a", 404, 1ms);
        metrics.requests.observe("BREW", "/v1/me", 405, 1ms);
        const std::string text = metrics.text();

        CHECK(text.find("method=\"none\",route=\"none\",status=\"4xx\"} 2\n") != std::string::npos);
        CHECK(text.find("BREW") == std::string::npos);
    }

    TEST_CASE("rooms tell of themselves when somebody reads") {
        Metrics metrics;
        int value = 1;
        metrics.sources.emplace_back([&](Exposition& out) { out.gauge("own", "Own", value); });
        value = 7;

        CHECK(metrics.text().find("\nown 7\n") != std::string::npos);
    }
}
