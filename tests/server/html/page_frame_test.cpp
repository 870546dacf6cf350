#include "server/html/page_frame.hpp"

#include <doctest/doctest.h>

using namespace sillage::server;

TEST_SUITE("html/page_frame") {
    TEST_CASE("a page names its title and the one style sheet, and has no script") {
        const std::string text = page_frame("A <title>").finish();

        CHECK(text.find("<title>A &lt;title&gt;</title>") != std::string::npos);
        CHECK(text.find("href=\"" + site_style_path() + "\"") != std::string::npos);
        CHECK(text.find("<script") == std::string::npos);
    }

    TEST_CASE("TM16: a note's title is text in its heading, too") {
        const std::string text = note_page("<b>").finish();

        CHECK(text.find("<h1>&lt;b&gt;</h1>") != std::string::npos);
        CHECK(text.ends_with("</main>\n</body>\n</html>\n"));
    }

    TEST_CASE("the style sheet loads nothing, and its address names its content") {
        CHECK(site_style.find("url(") == std::string_view::npos);
        CHECK(site_style.find("@import") == std::string_view::npos);
        CHECK(site_style_path().starts_with("/assets/site."));
        CHECK(site_style_path().ends_with(".css"));
    }
}
