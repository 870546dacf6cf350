#include "server/metrics/exposition.hpp"

#include <doctest/doctest.h>

using namespace sillage::server;
using namespace std::chrono_literals;

TEST_SUITE("metrics/exposition") {
    TEST_CASE("a metric is told with its help, its kind and its series") {
        Exposition out;
        out.begin("a_total", "counter", "What it is");
        out.add(3, {{"method", "GET"}, {"route", "/v1/me"}});
        out.gauge("b", "Another", 0.25);

        CHECK(out.take() ==
              "# HELP a_total What it is\n# TYPE a_total counter\n"
              "a_total{method=\"GET\",route=\"/v1/me\"} 3\n"
              "# HELP b Another\n# TYPE b gauge\nb 0.25\n");
    }

    TEST_CASE("label values are escaped") {
        Exposition out;
        out.begin("a", "gauge", "A");
        out.add(1, {{"l", "a\"b\\c\nd"}});

        CHECK(out.take().ends_with("a{l=\"a\\\"b\\\\c\\nd\"} 1\n"));
    }

    TEST_CASE("a histogram ends with everything, its sum and its count") {
        Histogram took(slow_bounds);
        took.observe(1ms);
        took.observe(20s);
        Exposition out;
        out.histogram("t_seconds", "T", took);
        const std::string text = out.take();

        CHECK(text.find("t_seconds_bucket{le=\"0.0005\"} 0\n") != std::string::npos);
        CHECK(text.find("t_seconds_bucket{le=\"0.001\"} 1\n") != std::string::npos);
        CHECK(text.find("t_seconds_bucket{le=\"10\"} 1\n") != std::string::npos);
        CHECK(
            text.ends_with("t_seconds_bucket{le=\"+Inf\"} 2\nt_seconds_sum 20.001\n"
                           "t_seconds_count 2\n"));
    }
}
