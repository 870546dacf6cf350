#include "server/routes/origin.hpp"

#include <algorithm>
#include <array>

#include "server/http/text.hpp"

namespace sillage::server {
namespace {

/// What a form or a script can send elsewhere without asking first. Source: Fetch, 2.2.2.
constexpr std::array<std::string_view, 3> simple_types{"application/x-www-form-urlencoded",
                                                       "multipart/form-data", "text/plain"};

Error refused(std::string message) {
    return Error{.code = ErrorCode::forbidden, .message = std::move(message)};
}

/// Whether the Origin is the host that was asked, over http or https.
bool is_same_host(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (origin.starts_with(scheme)) {
            return equals_ignoring_case(origin.substr(scheme.size()), host);
        }
    }
    return false;
}

bool comes_from_here(const Request& request, std::string_view ours) {
    const auto origin = request.headers.find("Origin");
    if (origin && !ours.empty()) {
        return equals_ignoring_case(*origin, ours);
    }
    if (const auto site = request.headers.find("Sec-Fetch-Site")) {
        return *site == "same-origin" || *site == "none";
    }
    return origin && is_same_host(*origin, request.headers.find("Host").value_or(""));
}

}  // namespace

Result<void> check_origin(const Request& request, std::string_view ours) {
    if (request.method == Method::get || request.method == Method::head) {
        return success();
    }
    if (!comes_from_here(request, ours)) {
        return refused(
            "With a login session's cookie only this server's own pages may ask for this; "
            "programs send a token.");
    }
    if (request.body.empty()) {
        return success();
    }
    const std::string type = media_type_of(request);
    if (type.empty() || std::ranges::find(simple_types, type) != simple_types.end()) {
        return refused("With a login session's cookie a body must be JSON, not a form's.");
    }
    return success();
}

Result<void> check_form_origin(const Request& request, std::string_view ours) {
    const bool says_where =
        request.headers.find("Sec-Fetch-Site") || request.headers.find("Origin");
    if (says_where && !comes_from_here(request, ours)) {
        return refused("This form must be sent from this server's own page.");
    }
    return success();
}

}  // namespace sillage::server
