#include "server/catalogue/rendered.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/base/json.hpp"

using namespace sillage;
using namespace sillage::server;

namespace {

const CloudEvent event{.id = "evt_1",
                       .source = "/network",
                       .type = "asked",
                       .subject = "ins_1",
                       .time = Instant{0},
                       .sequence = "7",
                       .traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                       .data = {{"n", 1}}};

bool has(const Delivery& delivery, std::string_view line) {
    return std::ranges::find(delivery.headers, line) != delivery.headers.end();
}

}  // namespace

TEST_SUITE("catalogue/rendered") {
    TEST_CASE("in structured mode the body is the whole event") {
        const Delivery delivery = delivery_of(rendered(event), {.id = "whk_1"}, Instant{5});

        CHECK(delivery.webhook == "whk_1");
        CHECK(delivery.event == "evt_1");
        CHECK(delivery.progress.next_at == Instant{5});
        CHECK(delivery.body == to_json_text(to_json(event)));
        CHECK(has(delivery, "Content-Type: application/cloudevents+json"));
    }

    TEST_CASE("in binary mode the attributes are header fields and the body is the data") {
        const Subscription subscription{.id = "whk_1", .mode = ContentMode::binary};
        const Delivery delivery = delivery_of(rendered(event), subscription, Instant{5});

        CHECK(delivery.body == R"({"n":1})");
        CHECK(has(delivery, "ce-id: evt_1"));
        CHECK(has(delivery, "ce-sequence: 7"));
        CHECK(has(delivery, "Content-Type: application/json"));
    }

    TEST_CASE("the trace of the request that led to it goes on, in a field of its own too") {
        const std::string line = "traceparent: " + event.traceparent;
        CHECK(has(delivery_of(rendered(event), {}, Instant{0}), line));

        CloudEvent untraced = event;
        untraced.traceparent.clear();
        CHECK(delivery_of(rendered(untraced), {}, Instant{0}).headers.size() == 1);
    }
}
