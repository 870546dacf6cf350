#include "server/routes/origin.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

struct Row {
    std::string name = {};
    std::vector<Field> headers = {};
    bool is_allowed = false;
    std::string body = {};
    Method method = Method::post;
};

Request request(const Row& row) {
    Request request{.method = row.method, .body = row.body};
    request.headers.add("Host", "sillage.example.org");
    for (const Field& field : row.headers) {
        request.headers.add(field.name, field.value);
    }
    return request;
}

const Field from_here{"Sec-Fetch-Site", "same-origin"};

}  // namespace

TEST_SUITE("routes/origin") {
    TEST_CASE("TM17: with a cookie only this server's own pages change something") {
        const std::vector<Row> rows{
            {"looking", {}, true, "", Method::get},
            {"our page", {from_here}, true},
            {"the person's own doing", {{"Sec-Fetch-Site", "none"}}, true},
            {"our origin", {{"Origin", "https://sillage.example.org"}}, true},
            {"nothing said", {}, false},
            {"a foreign page", {{"Sec-Fetch-Site", "cross-site"}}, false},
            {"a neighbour", {{"Sec-Fetch-Site", "same-site"}}, false},
            {"a foreign origin", {{"Origin", "https://evil.example"}}, false},
            {"one that begins like ours", {{"Origin", "https://sillage.example.org.evil"}}, false},
            {"an opaque origin", {{"Origin", "null"}}, false},
            {"another scheme", {{"Origin", "ftp://sillage.example.org"}}, false},
            {"JSON", {from_here, {"Content-Type", "application/json"}}, true, "{}"},
            {"a form",
             {from_here, {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
             false,
             "a=b"},
            {"a form in parts", {from_here, {"Content-Type", "Multipart/Form-Data"}}, false, "a"},
            {"plain text", {from_here, {"Content-Type", "text/plain"}}, false, "{}"},
            {"a body of no type", {from_here}, false, "{}"}};
        for (const Row& row : rows) {
            CAPTURE(row.name);
            const auto checked = check_origin(request(row), "");
            CHECK(checked.has_value() == row.is_allowed);
            CHECK((checked || checked.error().code == ErrorCode::forbidden));
        }
    }

    TEST_CASE("a form says where it is from, or nothing") {
        CHECK(check_form_origin(request({}), "").has_value());
        CHECK(check_form_origin(request({.headers = {from_here}}), "").has_value());
        CHECK_FALSE(
            check_form_origin(request({.headers = {{"Origin", "https://evil.example"}}}), ""));
    }

    TEST_CASE("TM39: where it is known where the server is found, the Host field decides nothing") {
        const auto from = [](std::string origin) {
            return request({.headers = {{"Origin", std::move(origin)}, from_here}});
        };

        CHECK(check_origin(from("https://apply.example.org"), "https://apply.example.org"));
        CHECK_FALSE(check_origin(from("https://sillage.example.org"), "https://apply.example.org"));
        CHECK_FALSE(check_origin(from("http://apply.example.org"), "https://apply.example.org"));
        CHECK_FALSE(
            check_form_origin(from("https://sillage.example.org"), "https://a.example.org"));
    }
}

}  // namespace sillage::server
