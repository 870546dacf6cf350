#include "server/routes/html_page.hpp"

#include <doctest/doctest.h>

namespace sillage::server {

TEST_SUITE("routes/html_page") {
    TEST_CASE("a page is kept by nobody and tells nobody its address") {
        const Response page = html_page(Status::ok, note_page("Title"));

        CHECK(page.headers.find("Cache-Control") == "no-store");
        CHECK(page.headers.find("Referrer-Policy") == "strict-origin");
    }
}

}  // namespace sillage::server
