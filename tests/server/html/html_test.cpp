#include "server/html/html.hpp"

#include <doctest/doctest.h>

using sillage::server::Html;

TEST_SUITE("html/html") {
    TEST_CASE("TM16: text and attributes are escaped, whatever they hold") {
        Html html;
        html.element("p", R"(<script>alert('1')</script> & "more")",
                     {{"title", R"("><img src=x onerror='y'>)"}});
        const std::string text = html.finish();

        CHECK(text.find("<script") == std::string::npos);
        CHECK(text.find("<img") == std::string::npos);
        CHECK(text.find("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;") !=
              std::string::npos);
        CHECK(text.find("title=\"&quot;&gt;&lt;img src=x onerror=&#39;y&#39;&gt;\"") !=
              std::string::npos);
    }

    TEST_CASE("a document closes every element that is open") {
        Html html;
        html.open("main").open("p").text("words");

        CHECK(html.finish() == "<!doctype html>\n<main><p>words</p>\n</main>\n");
    }

    TEST_CASE("prose has paragraphs, and code between backticks") {
        Html html;
        html.prose("one `two` three\n\nfour ` five");

        CHECK(html.finish() ==
              "<!doctype html>\n<p>one <code>two</code> three</p>\n<p>four ` five</p>\n");
    }
}
