#include <algorithm>

#include "server/http/negotiation.hpp"
#include "server/http/problem.hpp"
#include "server/routes/resources.hpp"
#include "server/routes/site.hpp"

// What each kind of problem means, in plain words: the pages that `type` points to.

namespace sillage::server {
namespace {

namespace json = boost::json;

json::object kind_json(const Problem& kind) {
    return {{"type", "/problems/" + std::string(kind.code)},
            {"code", kind.code},
            {"title", kind.title},
            {"status", static_cast<int>(kind.status)},
            {"words", kind.words}};
}

net::awaitable<Result<Response>> get_problem(const Arrival& arrival) {
    static constexpr std::string_view offered[] = {"text/html", "application/json"};
    const Request& request = arrival.request;
    SILLAGE_CO_TRY(reject_unknown_parameters(request, arrival.route.parameters));
    const auto kind = std::ranges::find(problems(), request.path_parameter("code"), &Problem::code);
    if (kind == problems().end()) {
        co_return Error{.code = ErrorCode::not_found,
                        .message = "There is no problem of that name."};
    }
    const auto type = choose_media_type(request.headers.find("Accept").value_or(""), offered);
    if (type.empty()) {
        co_return Error{.code = ErrorCode::not_acceptable,
                        .message = "A problem is told as text/html or application/json."};
    }
    auto response = type == "text/html" ? site_response(arrival.services.site, request)
                                        : json_response(Status::ok, kind_json(*kind));
    SILLAGE_CO_TRY(Response answer, std::move(response));
    answer.headers.set("Vary", "Accept");
    answer.headers.set("Cache-Control", std::string(for_minutes));
    co_return answer;
}

}  // namespace

std::vector<Route> problem_routes() {
    return {{.method = Method::get,
             .pattern = "/problems/{code}",
             .permission = Permission::open,
             .task = get_problem,
             .about = {.id = "read_problem",
                       .summary = "Read what a kind of problem means",
                       .tag = "Operation",
                       .headers = {"If-None-Match"},
                       .gives = {{.schema = "ProblemKind",
                                  .headers = {"ETag", "Vary"},
                                  .media_types = {"text/html", "application/json"}},
                                 {.status = Status::not_modified, .headers = {"ETag", "Vary"}}},
                       .refuses = {"not-acceptable"}}}};
}

}  // namespace sillage::server
