#include "server/routes/site.hpp"

#include "engine/base/hash.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

/// Characters of a hash that name a page: a client holds a few of its versions, not 2^64.
constexpr std::size_t etag_characters = 16;

/// As long as a browser keeps anything.
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";

/// These pages have no script and no form.
constexpr std::string_view page_policy =
    "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; "
    "base-uri 'none'";

net::awaitable<Result<Response>> get_page(const Arrival& arrival) {
    SILLAGE_CO_TRY(reject_unknown_parameters(arrival.request, arrival.route.parameters));
    co_return site_response(arrival.services.site, arrival.request);
}

}  // namespace

SitePage site_page(std::string media_type, std::string body) {
    const std::string hash = sha256_hex(body);
    return {.media_type = std::move(media_type),
            .body = std::move(body),
            .etag = "\"" + hash.substr(0, etag_characters) + "\""};
}

Result<Response> site_response(const Site& site, const Request& request) {
    const auto found = site.find(request.path);
    if (found == site.end()) {
        return Error{.code = ErrorCode::not_found, .message = "There is nothing at this address."};
    }
    const SitePage& page = found->second;
    const std::string_view known = request.headers.find("If-None-Match").value_or("");
    const bool is_known = known == "*" || known.find(page.etag) != std::string_view::npos;
    Response response = is_known ? Response{.status = Status::not_modified}
                                 : text_response(Status::ok, page.media_type, page.body);
    response.headers.add("ETag", page.etag);
    response.headers.add("Cache-Control", std::string(page.is_immutable ? for_ever : for_minutes));
    response.headers.add("Content-Security-Policy", std::string(page_policy));
    return response;
}

std::vector<Route> site_routes() {
    return {{.method = Method::get,
             .pattern = "/openapi.json",
             .permission = Permission::open,
             .task = get_page,
             .about = {.id = "read_openapi",
                       .summary = "Read this description as an OpenAPI document",
                       .tag = "Operation",
                       .headers = {"If-None-Match"},
                       .gives = {{.schema = "OpenApi", .headers = {"ETag"}},
                                 {.status = Status::not_modified, .headers = {"ETag"}}}}},
            {.method = Method::get,
             .pattern = "/docs",
             .permission = Permission::open,
             .task = get_page,
             .about = {.id = "read_docs",
                       .summary = "Read this description as a page",
                       .tag = "Operation",
                       .headers = {"If-None-Match"},
                       .gives = {{.headers = {"ETag"}, .media_types = {"text/html"}},
                                 {.status = Status::not_modified, .headers = {"ETag"}}}}},
            {.method = Method::get,
             .pattern = "/assets/{name}",
             .permission = Permission::open,
             .task = get_page,
             .about = {.id = "read_asset",
                       .summary = "Read what a page of this server refers to",
                       .tag = "Operation",
                       .headers = {"If-None-Match"},
                       .gives = {{.headers = {"ETag"}, .media_types = {"text/css"}},
                                 {.status = Status::not_modified, .headers = {"ETag"}}}}}};
}

}  // namespace sillage::server
