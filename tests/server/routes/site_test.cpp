#include "server/routes/site.hpp"

#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;

TEST_SUITE("routes/site") {
    TEST_CASE("a page comes with its ETag, and again only when it has changed") {
        Site site;
        site.emplace("/page", site_page("text/plain", "words"));

        const auto first = test::ok(site_response(site, Request{.path = "/page"}));
        const std::string etag(first.headers.find("ETag").value());
        Request again{.path = "/page"};
        again.headers.add("If-None-Match", etag);
        const auto second = test::ok(site_response(site, again));

        CHECK(first.body == "words");
        CHECK(second.status == server::Status::not_modified);
        CHECK(second.body.empty());
        CHECK(site_page("text/plain", "other").etag != etag);
    }

    TEST_CASE("a page whose address changes with it may be kept for ever, another for minutes") {
        Site site;
        site.emplace("/page", site_page("text/plain", "words"));
        SitePage fixed = site_page("text/css", "words");
        fixed.is_immutable = true;
        site.emplace("/fixed", fixed);

        const auto page = test::ok(site_response(site, Request{.path = "/page"}));
        const auto kept = test::ok(site_response(site, Request{.path = "/fixed"}));

        CHECK(page.headers.find("Cache-Control") == "public, max-age=300");
        CHECK(kept.headers.find("Cache-Control") == "public, max-age=31536000, immutable");
    }

    TEST_CASE("an address without a page is not found") {
        CHECK(test::error_of(site_response(Site{}, Request{.path = "/page"})).code ==
              ErrorCode::not_found);
    }
}
