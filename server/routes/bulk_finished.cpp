#include "server/routes/bulk_finished.hpp"

#include "engine/base/ids.hpp"
#include "server/auth/stored_account.hpp"
#include "server/auth/token.hpp"
#include "server/catalogue/event_types.hpp"
#include "server/catalogue/rendered.hpp"
#include "server/http/trace.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

constexpr std::string_view type = "sillage.cohort.bulk_finished";
constexpr std::size_t records_page = 200;
/// Hexadecimal digits of a hash that make an id: as much chance as an id of ours has.
constexpr std::size_t id_digits = 32;

std::string event_id(const Visit& visit, const std::optional<Repeat>& repeat) {
    if (repeat) {
        return "evt_" + token_hash(repeat->scope + "\n" + repeat->key).substr(0, id_digits);
    }
    Entropy entropy{};
    visit.services.random(entropy);
    return "evt_" + ulid(visit.request.now, entropy);
}

CloudEvent cloud_event(const Visit& visit, const BulkFinished& finished, const Record& cohort) {
    CloudEvent event{.source = cohort.cluster.empty()
                                   ? "/network"
                                   : "/clusters/" + cohort.cluster + "/cohorts/" + cohort.id,
                     .type = std::string(type),
                     .subject = finished.cohort,
                     .time = finished.at,
                     .dataschema = schema_url(type, visit.services.deliveries.base_url)};
    event.data = json::object{
        {"cohort", finished.cohort},
        {"cluster", cohort.cluster.empty() ? json::value(nullptr) : json::value(cohort.cluster)},
        {"at", to_string(finished.at)},
        {"event", finished.event},
        {"actor", visit.account.id},
        {"counts", finished.counts}};
    return event;
}

/// Whether the webhook asks for it and its account may know.
Result<bool> is_for(Reader& reader, const Subscription& subscription, const Record& cohort) {
    const bool is_elsewhere =
        !subscription.cluster.empty() && subscription.cluster != cohort.cluster;
    if (subscription.is_deleted || is_elsewhere || !subscription.wants(type)) {
        return false;
    }
    SILLAGE_TRY(const auto account, account_with_id(reader, subscription.account));
    if (!account) {
        return false;
    }
    SILLAGE_TRY(const auto rights, registry_rights(reader, *account));
    return access(*account, Permission::read_cohort, scope_of(cohort), rights) == Access::granted;
}

Result<std::vector<Delivery>> deliveries_of(const Visit& visit, Reader& reader,
                                            const BulkFinished& finished, std::string id) {
    SILLAGE_TRY(const auto cohort, reader.record(RecordKind::cohort, finished.cohort));
    CloudEvent event = cloud_event(visit, finished, cohort);
    event.id = std::move(id);
    Rendered message = rendered(event);
    // Beside the body, which is the same when it is asked for again.
    message.traceparent = trace_of(visit.request.headers);
    std::vector<Delivery> deliveries;
    RecordFilter filter{.kind = RecordKind::webhook, .limit = records_page};
    for (;;) {
        SILLAGE_TRY(const auto page, reader.view().records(filter));
        for (const Record& record : page) {
            filter.after = record.id;
            const Subscription subscription = subscription_of(record);
            SILLAGE_TRY(const bool is_told, is_for(reader, subscription, cohort));
            if (is_told) {
                deliveries.push_back(delivery_of(message, subscription, visit.request.now));
            }
        }
        if (page.size() < filter.limit) {
            return deliveries;
        }
    }
}

}  // namespace

net::awaitable<Result<void>> tell_bulk_finished(const Visit& visit, std::optional<Repeat> repeat,
                                                BulkFinished finished) {
    const DeliveryDoor& door = visit.services.deliveries;
    if (!door.is_open()) {
        co_return success();
    }
    const std::string id = event_id(visit, repeat);
    auto look = [&](Runtime& runtime) {
        return runtime.read([&](Reader& reader) -> Result<std::vector<Delivery>> {
            return deliveries_of(visit, reader, finished, id);
        });
    };
    SILLAGE_CO_TRY(const auto deliveries, co_await visit.services.gate.run(look));
    if (!deliveries.empty()) {
        SILLAGE_CO_TRY(co_await door.send(deliveries));
    }
    co_return success();
}

}  // namespace sillage::server
