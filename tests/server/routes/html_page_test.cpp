#include "server/routes/html_page.hpp"

#include <doctest/doctest.h>

namespace sillage::server {

TEST_SUITE("routes/html_page") {
    TEST_CASE("a text is shown, never read as HTML") {
        CHECK(html_text("<a href=\"x\" onclick='y'>&</a>") ==
              "&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;&lt;/a&gt;");
        CHECK(html_page(Status::ok, "<b>", "").body.find("<b>") == std::string::npos);
    }

    TEST_CASE("a page is kept by nobody and tells nobody its address") {
        const Response page = html_page(Status::ok, "Title", "<p>x</p>");

        CHECK(page.headers.find("Cache-Control") == "no-store");
        CHECK(page.headers.find("Referrer-Policy") == "strict-origin");
    }
}

}  // namespace sillage::server
