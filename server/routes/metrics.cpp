#include <algorithm>
#include <array>

#include "server/auth/token.hpp"
#include "server/metrics/metrics.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

constexpr std::string_view media_type = "text/plain; version=0.0.4; charset=utf-8";

/// By what a proxy on this machine says that it asks for somebody else.
constexpr std::array<std::string_view, 4> forwarding{"Forwarded", "X-Forwarded-For", "X-Real-IP",
                                                     "Via"};

/// Whether the request was made on this machine itself.
bool is_local(const Request& request) {
    const std::string_view peer = request.peer;
    const bool is_loopback =
        peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
    return is_loopback && std::ranges::none_of(forwarding, [&](std::string_view name) {
               return request.headers.find(name).has_value();
           });
}

/// With a token it is that which counts, whoever asks; hashes compare in a time that tells nothing.
Result<bool> may_read(const Arrival& arrival) {
    const Request& request = arrival.request;
    if (!request.operator_name.empty()) {
        return true;
    }
    if (arrival.services.metrics_hash.empty()) {
        return is_local(request);
    }
    SILLAGE_TRY(const auto hash, presented_hash(request.headers.find("Authorization")));
    return hash == arrival.services.metrics_hash;
}

net::awaitable<Result<Response>> get_metrics(const Arrival& arrival) {
    SILLAGE_CO_TRY(reject_unknown_parameters(arrival.request, arrival.route.parameters));
    const auto may = may_read(arrival);
    if (!may || !may.value() || arrival.services.metrics == nullptr) {
        co_return Error{.code = ErrorCode::not_found,
                        .message = "There is nothing at this address."};
    }
    co_return text_response(Status::ok, std::string(media_type), arrival.services.metrics->text());
}

}  // namespace

std::vector<Route> metrics_routes() {
    return {
        {.method = Method::get,
         .pattern = "/metrics",
         .permission = Permission::open,
         .task = get_metrics,
         .about = {.id = "read_metrics",
                   .summary = "Read what the server counts of itself",
                   .tag = "Operation",
                   .words = "In Prometheus' text format. For whoever asks on the server's own "
                            "machine, or, where `metrics_token` is set, brings that as a bearer "
                            "token; nobody else is told that it exists.",
                   .gives = {{.media_types = {"text/plain"}}},
                   .refuses = {"not-found"}}}};
}

}  // namespace sillage::server
