#include "server/routes/html_page.hpp"

#include <array>

#include "server/http/negotiation.hpp"
#include "server/routes/form.hpp"

namespace sillage::server {

Response html_page(Status status, Html page) {
    Response response = text_response(status, "text/html; charset=utf-8", page.finish());
    response.headers.add("Cache-Control", "no-store");
    // Not no-referrer: browsers would then send a form without an Origin to check.
    response.headers.add("Referrer-Policy", "strict-origin");
    return response;
}

Response redirect_to(std::string url) {
    Response response{.status = Status::see_other};
    response.headers.add("Location", std::move(url));
    response.headers.add("Cache-Control", "no-store");
    return response;
}

bool is_for_browser(const Request& request) {
    static constexpr std::array<std::string_view, 2> offered{"application/json", "text/html"};
    const std::string_view accept = request.headers.find("Accept").value_or("");
    return media_type_of(request) == form_media_type ||
           choose_media_type(accept, offered) == "text/html";
}

}  // namespace sillage::server
