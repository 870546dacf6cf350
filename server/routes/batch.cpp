#include "server/routes/batch.hpp"

#include <algorithm>

namespace sillage::server {

namespace json = boost::json;

json::object outcome_counts(const json::array& outcomes,
                            std::initializer_list<std::string_view> kinds) {
    json::object counts;
    for (const std::string_view kind : kinds) {
        counts.emplace(kind, std::ranges::count_if(outcomes, [&](const json::value& outcome) {
                           return outcome.as_object().at("outcome") == json::value(kind);
                       }));
    }
    return counts;
}

net::awaitable<Result<Response>> keep_answer(const Arrival& arrival, Response response) {
    if (!arrival.repeat) {
        co_return response;
    }
    auto keep = [&](Runtime& runtime) {
        return runtime.perform(arrival.repeat, [&](Work&) { return to_answer(response); });
    };
    SILLAGE_CO_TRY(const auto answer, co_await arrival.services.gate.run(keep));
    co_return to_response(answer);
}

}  // namespace sillage::server
