#include "server/routes/html_page.hpp"

namespace sillage::server {

Response html_page(Status status, Html page) {
    Response response = text_response(status, "text/html; charset=utf-8", page.finish());
    response.headers.add("Cache-Control", "no-store");
    // Not no-referrer: browsers would then send a form without an Origin to check.
    response.headers.add("Referrer-Policy", "strict-origin");
    return response;
}

}  // namespace sillage::server
