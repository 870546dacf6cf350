#include "server/routes/html_page.hpp"

namespace sillage::server {

std::string html_text(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

Response html_page(Status status, std::string_view title, std::string_view content) {
    const std::string safe_title = html_text(title);
    Response response =
        text_response(status, "text/html; charset=utf-8",
                      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
                          safe_title + "</title></head>\n<body><h1>" + safe_title + "</h1>\n" +
                          std::string(content) + "</body></html>\n");
    response.headers.add("Cache-Control", "no-store");
    // Not no-referrer: browsers would then send a form without an Origin to check.
    response.headers.add("Referrer-Policy", "strict-origin");
    return response;
}

}  // namespace sillage::server
