#include "server/routes/form.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

namespace sillage::server {

using test::error_of;
using test::ok;

namespace {

Request sent(const std::string& body, const std::string& type = std::string(form_media_type)) {
    Request request{.method = Method::post, .body = body};
    request.headers.add("Content-Type", type);
    return request;
}

}  // namespace

TEST_SUITE("routes/form") {
    TEST_CASE("a form is read as browsers write it") {
        const auto form = ok(read_form(sent("email=ana%2Bhome%40example.org&words=two+words&none=",
                                            "application/x-www-form-urlencoded; charset=UTF-8")));

        CHECK(form == boost::json::object{
                          {"email", "ana+home@example.org"}, {"words", "two words"}, {"none", ""}});
        CHECK(ok(read_form(sent(""))).empty());
    }

    TEST_CASE("what is no form is refused by its media type") {
        for (const auto* type : {"application/json", "multipart/form-data", "text/plain", ""}) {
            CAPTURE(type);
            CHECK(error_of(read_form(sent("email=a", type))).code ==
                  ErrorCode::unsupported_media_type);
        }
    }

    TEST_CASE("a form that cannot be read, or says a thing twice, is refused") {
        for (const auto* body : {"email=%", "email=%zz", "email=%00", "email=%ff", "a=1&a=2"}) {
            CAPTURE(body);
            CHECK(error_of(read_form(sent(body))).code == ErrorCode::invalid_argument);
        }
    }

    TEST_CASE("a form may be as long as its limit, and no longer") {
        CHECK(ok(read_form(sent("a=" + std::string(form_bytes_max - 2, 'x')))).size() == 1);
        CHECK(error_of(read_form(sent("a=" + std::string(form_bytes_max - 1, 'x')))).code ==
              ErrorCode::too_large);
    }
}

}  // namespace sillage::server
