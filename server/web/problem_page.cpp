#include "server/web/problem_page.hpp"

#include "server/html/page_frame.hpp"

namespace sillage::server {

std::string problem_page(const Problem& kind) {
    Html page = page_frame(kind.title);
    page.open("main", {{"class", "note"}});
    page.open("p", {{"class", "over"}})
        .text("Status " + std::to_string(static_cast<int>(kind.status)) + " · ")
        .element("code", kind.code)
        .close();
    page.element("h1", kind.title);
    page.prose(kind.words);
    page.open("p", {{"class", "aside"}})
        .element("a", "The API of this server", {{"href", "/docs"}})
        .close();
    return page.finish();
}

}  // namespace sillage::server
