#include "server/routes/members.hpp"

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

Request with(std::string body, std::string type = "application/json") {
    Request request{.body = std::move(body)};
    request.headers.add("Content-Type", std::move(type));
    return request;
}

const std::vector<sillage::Field>& members() {
    static const std::vector<sillage::Field> all = {required(text_member("name", 5)),
                                                    object_member("meta"),
                                                    list_member("tags", SchemaType::string)};
    return all;
}

}  // namespace

TEST_SUITE("routes/members") {
    TEST_CASE("null is as good as absent") {
        const auto body = ok(read_members(with(R"({"name":"a","meta":null})"), members()));

        CHECK(to_json_text(body) == R"({"name":"a"})");
        CHECK(error_of(read_members(with(R"({"name":null})"), members())).where == "/name");
    }

    TEST_CASE("what is wrong is named with its pointer") {
        struct Row {
            std::string body;
            std::string where;
        };
        const Row rows[] = {{R"({})", "/name"},
                            {R"({"name":""})", "/name"},
                            {R"({"name":"abcdef"})", "/name"},
                            {R"({"name":"a","tags":["x",1]})", "/tags/1"},
                            {R"({"name":"a","nam":"b"})", "/nam"},
                            {"{\"name\":\"a\\u0000\"}", "/name"},
                            {"{\"name\":\"a\xe2\x80\xae\"}", "/name"},
                            {"{\"name\":\"a\",\"meta\":{\"k\":\"\xc2\x85\"}}", "/meta/k"}};
        for (const Row& row : rows) {
            CAPTURE(row.body);
            CHECK(error_of(read_members(with(row.body), members())).where == row.where);
        }
        CHECK(ok(read_members(with("{\"name\":\"a\\n\xc3\xa9\"}"), members())).size() == 1);
        CHECK(error_of(read_members(with("[]"), members())).code == ErrorCode::malformed);
    }

    TEST_CASE("a patch has its own media type") {
        CHECK(ok(read_patch(with("{}", "Application/Merge-Patch+JSON; charset=utf-8"))).empty());
        CHECK(error_of(read_patch(with("{}"))).code == ErrorCode::unsupported_media_type);
        CHECK(error_of(read_patch(with("[]", "application/merge-patch+json"))).code ==
              ErrorCode::malformed);
    }

    TEST_CASE("a patch is merged as RFC 7396 has it") {
        auto target = ok(parse_json(R"({"a":"b","c":{"d":"e","f":"g"},"l":[1]})")).as_object();

        merge_patch(
            target,
            ok(parse_json(R"({"a":"z","c":{"f":null},"l":[2],"n":{"x":null,"y":1}})")).as_object());

        CHECK(to_json_text(target) == R"({"a":"z","c":{"d":"e"},"l":[2],"n":{"y":1}})");
    }
}
