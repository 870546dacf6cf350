#include <array>
#include <charconv>

#include "server/http/live_body.hpp"
#include "server/http/negotiation.hpp"
#include "server/routes/resources.hpp"
#include "server/stream/hub.hpp"

namespace sillage::server {
namespace {

constexpr std::string_view media_type = "text/event-stream";
/// Before a reader connects anew, and by how much readers differ, so that they do not all come back
/// at one moment: published.
constexpr std::uint64_t retry_ms = 2'000;
constexpr std::uint64_t retry_spread_ms = 1'000;

/// As the header that browsers send themselves, and as the names by which it is given first.
constexpr std::array<std::string_view, 3> position_parameters{"last_event_id", "Last-Event-ID",
                                                              "lastEventId"};

/// The position to go on after; nothing: there is none.
/// Errors: invalid_argument: it is no id of this stream.
Result<std::optional<std::uint64_t>> position_in(const Request& request) {
    std::optional<std::string_view> given = request.headers.find("Last-Event-ID");
    for (const std::string_view name : position_parameters) {
        given = given && !given->empty() ? given : request.query_parameter(name);
    }
    if (!given || given->empty()) {
        return std::optional<std::uint64_t>{};
    }
    std::uint64_t position = 0;
    const char* const end = given->data() + given->size();
    const auto [last, error] = std::from_chars(given->data(), end, position);
    if (error != std::errc() || last != end) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message =
                         "Last-Event-ID must be the id of a message of this stream, a "
                         "whole number."};
    }
    return std::optional(position);
}

StreamFilter filter_in(const Request& request) {
    const auto asked = [&](std::string_view name) {
        return std::string(request.query_parameter(name).value_or(""));
    };
    return StreamFilter{.instance = asked("instance"),
                        .cohort = asked("cohort"),
                        .cluster = asked("cluster"),
                        .company = asked("company"),
                        .workflow = asked("workflow"),
                        .type = asked("type")};
}

/// As much of an arrival as its account follows from; for as long as the stream is open.
struct Listening {
    const Services& services;
    const Route& route;
    Credential credential;
    Request request;
};

Result<AccountPointer> account_of(Listening& listening, Runtime& runtime, Instant now) {
    listening.request.now = now;
    return enter(runtime, Arrival{.services = listening.services,
                                  .route = listening.route,
                                  .request = listening.request,
                                  .credential = listening.credential});
}

std::function<Result<AccountPointer>(Runtime&, Instant)> finder_for(const Arrival& arrival) {
    Request request{.method = Method::get};
    if (const auto behalf = arrival.request.headers.find(behalf_header)) {
        request.headers.add(std::string(behalf_header), std::string(*behalf));
    }
    auto listening = std::make_shared<Listening>(Listening{.services = arrival.services,
                                                           .route = arrival.route,
                                                           .credential = arrival.credential,
                                                           .request = std::move(request)});
    return
        [listening](Runtime& runtime, Instant now) { return account_of(*listening, runtime, now); };
}

/// The caller, who may read the instance if it asks for one.
Result<AccountPointer> let_listen(Runtime& runtime, const Arrival& arrival,
                                  const std::string& instance) {
    SILLAGE_TRY(auto account, enter(runtime, arrival));
    if (!instance.empty()) {
        const Visit visit{
            .services = arrival.services, .request = arrival.request, .account = *account};
        SILLAGE_TRY(runtime.read([&](Reader& reader) -> Result<void> {
            SILLAGE_TRY(open_instance(visit, reader, instance, Permission::read_instance));
            return success();
        }));
    }
    return account;
}

Response opening(const Request& request) {
    const std::uint64_t spread = std::hash<std::string>{}(request.request_id) % retry_spread_ms;
    Response response = text_response(Status::ok, std::string(media_type),
                                      "retry: " + std::to_string(retry_ms + spread) + "\n\n");
    response.headers.add("X-Accel-Buffering", "no");  // nginx would wait for a whole page
    return response;
}

net::awaitable<Result<Response>> get_stream(const Arrival& arrival) {
    const Request& request = arrival.request;
    StreamRequest asked;
    asked.filter = filter_in(request);
    auto look = [&](Runtime& runtime) {
        return let_listen(runtime, arrival, asked.filter.instance);
    };
    SILLAGE_CO_TRY(asked.account, co_await arrival.services.gate.run(look));
    const std::array<std::string_view, 1> offered{media_type};
    if (choose_media_type(request.headers.find("Accept").value_or(""), offered).empty()) {
        co_return Error{.code = ErrorCode::not_acceptable,
                        .message = "The stream is given as text/event-stream."};
    }
    SILLAGE_CO_TRY(asked.after, position_in(request));
    Response response = opening(request);
    if (arrival.services.hub == nullptr) {
        co_return Error{.code = ErrorCode::unavailable, .message = "Nothing is streamed here."};
    }
    asked.find = finder_for(arrival);
    SILLAGE_CO_TRY(response.live, arrival.services.hub->subscribe(std::move(asked)));
    co_return response;
}

}  // namespace

std::vector<Route> stream_routes() {
    std::vector<std::string_view> parameters{"instance", "cohort",   "cluster",
                                             "company",  "workflow", "type"};
    parameters.insert(parameters.end(), position_parameters.begin(), position_parameters.end());
    return {
        {.method = Method::get,
         .pattern = "/v1/stream",
         .permission = Permission::read_instance,
         .task = get_stream,
         .parameters = std::move(parameters),
         .about = {.id = "listen",
                   .summary = "Listen to the log as it grows",
                   .tag = "Events",
                   .words = "Server-sent events, one for each entry of the log that you may read, "
                            "in the log's order; its `id` is the entry's position, its `data` a "
                            "`StreamMessage`. Rights are judged for each. A connection that breaks "
                            "goes on after `Last-Event-ID` (0: from the beginning) without gap or "
                            "repeat, also across restarts of the server. Where that is not "
                            "possible, an event `reset` says so: read anew what you show, the "
                            "stream goes on from its `id`. A comment comes every 15 seconds. "
                            "Whoever reads too slowly, or may no longer, is cut.",
                   .headers = {"Last-Event-ID", "Sillage-On-Behalf-Of"},
                   .gives = {{.schema = "StreamMessage",
                              .headers = {"X-Accel-Buffering"},
                              .media_types = {"text/event-stream"}}},
                   .refuses = {"not-found"}}}};
}

}  // namespace sillage::server
