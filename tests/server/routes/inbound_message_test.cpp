#include "server/routes/inbound_message.hpp"

#include "server/hooks/base64.hpp"
#include "server/hooks/signature.hpp"
#include "server/http/clock.hpp"
#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::ok;
using test::Reply;
using test::World;

namespace {

/// Sources of messages, and who sends them.
struct Shop {
    World world;
    std::string cluster = world.cluster("A");

    Shop() { world.publish(); }
    Reply source(const std::string& mapping, const std::string& members = "") {
        Reply made =
            world.post("/v1/inbound", R"({"name":"shop","mapping":)" + mapping + members + "}");
        REQUIRE_MESSAGE(made.status == 201, made.text);
        return made;
    }
    /// Signed by the source's secret.
    Reply send(const Reply& source, const std::string& id, const std::string& body) {
        const std::string seconds = std::to_string(system_now().milliseconds / 1000);
        const auto key = ok(SignatureKey::read(source.text_at("/secret")));
        const SignedMessage message{.id = id, .timestamp = seconds, .body = body};
        return world.ask({.method = "POST",
                          .path = source.text_at("/deliver"),
                          .as = "",
                          .body = body,
                          .headers = {{"webhook-id", id},
                                      {"webhook-timestamp", seconds},
                                      {"webhook-signature", key.sign(message)}}});
    }
    /// Its messages wait for the instance with the key that they name.
    Reply early_source() {
        return source(R"({"event":"'ask'","key":"payload.key"})",
                      R"(,"workflow":"export-readiness","wait_s":60)");
    }
    void instance(const std::string& key) {
        const Reply made = world.post(
            "/v1/instances", R"({"workflow":"export-readiness","company":")" +
                                 world.company(cluster, key) + R"(","key":")" + key + R"("})");
        REQUIRE_MESSAGE(made.status == 201, made.text);
    }
    [[nodiscard]] Record kept(const std::string& id) {
        return *ok(ok(world.store.read())->record(RecordKind::received, id, std::nullopt));
    }
    [[nodiscard]] std::string outcome(const std::string& id) {
        return std::string(kept(id).body.at("outcome").as_string());
    }
    /// What is kept of it cannot be read any more.
    void damage(const std::string& id) {
        Record record = kept(id);
        record.body["payload_encoding"] = "base64";
        ok(world.runtime.perform(std::nullopt, [&](Work& work) {
            ok(work.put_record(std::move(record)));
            return Answer{};
        }));
    }
    [[nodiscard]] Reply received(const Reply& source) {
        return world.get("/v1/inbound/" + source.text_at("/id") + "/received");
    }
};

constexpr auto by_instance = R"({"event":"payload.event","instance":"payload.to"})";

}  // namespace

TEST_SUITE("routes/inbound_message") {
    TEST_CASE("TM10: a signed message that is not UTF-8 is kept byte for byte and tried again") {
        Shop shop;
        const Reply source = shop.source(by_instance);
        const std::string body("{\"event\":\"\xc3\x28\xff\0\"}", 15);
        const Reply sent = shop.send(source, "m1", body);
        CHECK(sent.status == 202);
        CHECK(sent.text_at("/outcome") == "unmapped");

        const Reply kept = shop.received(source);
        CHECK(kept.text_at("/items/0/payload_encoding") == "base64");
        CHECK(from_base64(kept.text_at("/items/0/payload")) == body);
        const Reply again = shop.world.post("/v1/inbound/" + source.text_at("/id") + "/received/" +
                                                sent.text_at("/received") + "/retry",
                                            "");
        CHECK_MESSAGE(again.status == 200, again.text);
        CHECK(from_base64(shop.received(source).text_at("/items/0/payload")) == body);
    }

    TEST_CASE("a payload that is text is kept as it is") {
        Shop shop;
        const Reply source = shop.source(by_instance);
        shop.send(source, "m1", "caf\xc3\xa9");

        CHECK(shop.received(source).text_at("/items/0/payload_encoding") == "text");
        CHECK(shop.received(source).text_at("/items/0/payload") == "caf\xc3\xa9");
    }

    TEST_CASE("TM10: words about a payload that cut a letter of it in two can be kept") {
        Shop shop;
        const std::string odd = std::string(63, 'x') + "\xc3\xa9";
        const Reply by_key = shop.source(R"({"event":"'ask'","key":"payload.key"})",
                                         R"(,"workflow":"export-readiness")");
        const Reply by_time =
            shop.source(R"j({"event":"string(timestamp(payload.key))","instance":"payload.key"})j");
        for (const Reply& source : {by_key, by_time}) {
            const Reply sent = shop.send(source, "m1", R"({"key":")" + odd + R"("})");
            CHECK_MESSAGE(sent.status == 202, sent.text);
            CHECK(shop.received(source).text_at("/items/0/reason").find("x?") != std::string::npos);
        }
    }

    TEST_CASE("S2: a source has a hundred messages wait, and others' wait beside them") {
        Shop shop;
        const Reply source = shop.early_source();
        for (std::size_t i = 0; i < waiting_of_source_max; ++i) {
            const std::string id = "m" + std::to_string(i);
            REQUIRE(shop.send(source, id, R"({"key":"K"})").text_at("/outcome") == "waiting");
        }

        CHECK(shop.send(source, "late", R"({"key":"K"})").text_at("/outcome") == "unmapped");
        const Reply other = shop.early_source();
        CHECK(shop.send(other, "m0", R"({"key":"K"})").text_at("/outcome") == "waiting");
    }

    TEST_CASE("a message that cannot be settled is logged and holds up no other") {
        Shop shop;
        const Reply source = shop.early_source();
        const std::string broken = shop.send(source, "m1", R"({"key":"K-1"})").text_at("/received");
        const std::string whole = shop.send(source, "m2", R"({"key":"K-2"})").text_at("/received");
        shop.damage(broken);
        shop.instance("K-1");
        shop.instance("K-2");
        std::string logged;
        const server::Log log = [&](std::string_view event, const boost::json::object& fields) {
            logged += std::string(event) + " " + std::string(fields.at("received").as_string());
        };
        const auto settle = [&] {
            return ok(settle_waiting(shop.world.services, shop.world.runtime, shop.world.now, log));
        };

        CHECK(settle() == 1);
        CHECK(logged == "inbound_not_settled " + broken);
        CHECK(shop.outcome(whole) != "waiting");
        CHECK(shop.outcome(broken) == "waiting");
        CHECK(settle() == 0);
    }
}
