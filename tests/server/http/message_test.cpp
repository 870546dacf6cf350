#include "server/http/message.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

namespace sillage::server {

TEST_SUITE("http/message") {
    TEST_CASE("a header is found without regard to case, and set replaces all of its name") {
        Headers headers;
        headers.add("Accept", "a");
        headers.add("ACCEPT", "b");
        CHECK(headers.find("accept") == "a");

        headers.set("accept", "c");

        CHECK(headers.fields() == std::vector<Field>{{"accept", "c"}});
        CHECK_FALSE(headers.find("accept-language").has_value());
    }

    TEST_CASE("methods have the names of the wire, unknown ones none") {
        CHECK(method_named("DELETE") == Method::del);
        CHECK(name_of(Method::del) == "DELETE");
        CHECK(method_named("get") == Method::other);
        CHECK(name_of(Method::other).empty());
    }

    TEST_CASE("a JSON body needs its media type and is read strictly") {
        Request request{.body = R"({"a":1})"};
        CHECK(test::error_of(json_body(request)).code == ErrorCode::unsupported_media_type);

        request.headers.set("Content-Type", "application/merge-patch+json; charset=utf-8");
        CHECK(test::ok(json_body(request)).at("a") == 1);

        request.body = R"({"a":{"b":1,"b":2}})";
        const Error error = test::error_of(json_body(request));
        CHECK(error.code == ErrorCode::malformed);
        CHECK(error.where.starts_with("/a"));
    }

    TEST_CASE("an unknown query parameter is refused with the nearest known one") {
        const Request request{.query = {{"limt", "5"}}};
        const Error error = test::error_of(reject_unknown_parameters(request, {"cursor", "limit"}));

        CHECK(error.code == ErrorCode::invalid_argument);
        CHECK(error.message ==
              "There is no query parameter \"limt\" here; did you mean \"limit\"?");
    }

    TEST_CASE("a query parameter given twice is refused") {
        const Request request{.query = {{"limit", "5"}, {"limit", "6"}}};

        CHECK(test::error_of(reject_unknown_parameters(request, {"limit"})).message ==
              "The query parameter \"limit\" is given twice.");
        test::ok(reject_unknown_parameters(Request{.query = {{"limit", "5"}}}, {"limit"}));
    }

    TEST_CASE("TM14: a file's name cannot leave its header, nor its folder") {
        CHECK(attachment_named("companies 2027.csv") ==
              "attachment; filename=\"companies 2027.csv\"; "
              "filename*=UTF-8''companies%202027.csv");
        CHECK(attachment_named("P\xc3\xb4le") ==
              "attachment; filename=\"P__le\"; filename*=UTF-8''P%C3%B4le");
        CHECK(attachment_named("a\r\nSet-Cookie: b=c\"; x=../\\%41\x7f") ==
              "attachment; filename=\"a__Set-Cookie_ b=c_; x=..___41_\"; "
              "filename*=UTF-8''a__Set-Cookie_%20b%3Dc_%3B%20x%3D..___41_");
    }

    TEST_CASE("JSON is answered in its one spelling") {
        const Response response = json_response(Status::created, {{"a", 1.0}});

        CHECK(response.status == Status::created);
        CHECK(response.headers.find("content-type") == "application/json");
        CHECK(response.body == R"({"a":1.0})");
    }
}

}  // namespace sillage::server
