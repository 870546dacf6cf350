#include "server/hooks/mapping.hpp"

#include <doctest/doctest.h>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

boost::json::object object(std::string_view text) { return ok(parse_json(text)).as_object(); }

Result<Mapped> mapped(std::string_view mapping, std::string_view payload) {
    return map_payload(object(mapping), ok(parse_json(payload)));
}

}  // namespace

TEST_SUITE("hooks/mapping") {
    TEST_CASE("a payload becomes an event for an instance or for a key, with data") {
        const auto* mapping = R"({"event":"payload.paid ? 'pay' : 'fail'",
            "key":"payload.order.id","data":"{'n': payload.n + 1}"})";

        CHECK(ok(mapped(mapping, R"({"paid":true,"order":{"id":"A-1"},"n":1})")) ==
              Mapped{.event = "pay", .key = "A-1", .data = {{"n", 2}}});
        CHECK(ok(mapped(R"({"event":"'go'","instance":"payload"})", R"("ins_1")")) ==
              Mapped{.event = "go", .instance = "ins_1"});
    }

    TEST_CASE("what gives no text, or nothing at all, cannot be mapped") {
        const auto* mapping = R"({"event":"payload.event","instance":"payload.to"})";

        for (const auto* payload : {"{}", "[]", R"({"event":1,"to":"a"})",
                                    R"({"event":"","to":"a"})", R"({"event":"go"})"}) {
            CAPTURE(payload);
            CHECK_FALSE(mapped(mapping, payload));
        }
        CHECK_FALSE(mapped(R"x({"event":"'go'","instance":"days(payload, payload)"})x", "1"));
    }

    TEST_CASE("a mapping that cannot be used is refused where it stands") {
        const std::pair<const char*, const char*> rows[] = {
            {R"({"event":"'a'"})", "/mapping"},
            {R"({"event":"'a'","instance":"'b'","key":"'c'"})", "/mapping"},
            {R"({"instance":"'b'"})", "/mapping"},
            {R"({"event":"payload.","instance":"'b'"})", "/mapping/event"},
            {R"({"event":1,"instance":"'b'"})", "/mapping/event"},
            {R"({"event":"'a'","instance":"'b'","more":"'c'"})", "/mapping/more"}};
        for (const auto& [mapping, where] : rows) {
            CAPTURE(mapping);
            CHECK(error_of(check_mapping(object(mapping))).where == where);
        }
        ok(check_mapping(object(R"({"event":"'a'","key":"payload.k"})")));
    }
}
