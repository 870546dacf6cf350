#include "server/routes/html_page.hpp"

#include <doctest/doctest.h>

namespace sillage::server {

TEST_SUITE("routes/html_page") {
    TEST_CASE("a page is kept by nobody and tells nobody its address") {
        const Response page = html_page(Status::ok, note_page("Title"));

        CHECK(page.headers.find("Cache-Control") == "no-store");
        CHECK(page.headers.find("Referrer-Policy") == "strict-origin");
    }

    TEST_CASE("a browser is who sends a form or would rather have HTML than JSON") {
        const auto asks = [](const std::string& name, const std::string& value) {
            Request request{.method = Method::post};
            request.headers.add(name, value);
            return is_for_browser(request);
        };

        CHECK(asks("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        CHECK(asks("Content-Type", "application/x-www-form-urlencoded"));
        CHECK(!asks("Accept", "*/*"));
        CHECK(!asks("Accept", "application/json, text/html;q=0.9"));
        CHECK(!asks("Content-Type", "application/json"));
        CHECK(!is_for_browser(Request{}));
    }

    TEST_CASE("going on is 303, and is kept by nobody") {
        const Response response = redirect_to("/login");

        CHECK(response.status == Status::see_other);
        CHECK(response.headers.find("Location") == "/login");
        CHECK(response.headers.find("Cache-Control") == "no-store");
    }
}

}  // namespace sillage::server
