#include "server/html/page_frame.hpp"

#include "engine/base/hash.hpp"

namespace sillage::server {

const std::string& site_style_path() {
    constexpr std::size_t hash_characters = 12;  // of 64: there are two or three sheets ever
    static const std::string path =
        "/assets/site." + sha256_hex(site_style).substr(0, hash_characters) + ".css";
    return path;
}

Html page_frame(std::string_view title) {
    Html page;
    page.open("html", {{"lang", "en"}}).open("head");
    page.lone("meta", {{"charset", "utf-8"}});
    page.lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    page.element("title", title);
    page.lone("link", {{"rel", "stylesheet"}, {"href", site_style_path()}});
    page.close().open("body");
    return page;
}

Html note_page(std::string_view title) {
    Html page = page_frame(title);
    page.open("main", {{"class", "note"}}).element("h1", title);
    return page;
}

}  // namespace sillage::server
