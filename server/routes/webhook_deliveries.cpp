#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/base/ids.hpp"
#include "engine/base/json.hpp"
#include "server/catalogue/event_types.hpp"
#include "server/catalogue/rendered.hpp"
#include "server/routes/members.hpp"
#include "server/routes/page.hpp"
#include "server/routes/resources.hpp"
#include "server/routes/webhook_record.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

constexpr std::string_view id_prefix = "dlv_";
/// Deliveries that one request has sent again; who has more asks again.
constexpr std::size_t redelivered_max = 10'000;
constexpr std::size_t named_max = 200;
constexpr std::string_view test_type = "sillage.webhook.test";

/// `dlv_` and the number in sixteen digits, so that ids are in order.
std::string id_of(std::uint64_t number) { return fmt::format("{}{:016}", id_prefix, number); }

std::optional<std::uint64_t> number_in(std::string_view id) {
    std::uint64_t number = 0;
    if (!id.starts_with(id_prefix)) {
        return std::nullopt;
    }
    id.remove_prefix(id_prefix.size());
    const auto [last, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    return error == std::errc{} && last == id.data() + id.size() ? std::optional(number)
                                                                 : std::nullopt;
}

constexpr std::array<std::pair<std::string_view, DeliveryStatus>, 3> statuses{
    {{"pending", DeliveryStatus::pending},
     {"delivered", DeliveryStatus::delivered},
     {"failed", DeliveryStatus::failed}}};

std::string_view name_of(DeliveryStatus status) {
    return std::ranges::find(statuses, status, &std::pair<std::string_view, DeliveryStatus>::second)
        ->first;
}

json::value instant_or_null(const std::optional<Instant>& at) {
    return at ? json::value(to_string(*at)) : json::value(nullptr);
}

json::array lines_json(const std::vector<std::string>& lines) {
    return json::array(lines.begin(), lines.end());
}

json::value milliseconds_or_null(const std::optional<Duration>& part) {
    return part ? json::value(part->milliseconds) : json::value(nullptr);
}

/// Without what was sent and answered.
json::object attempt_json(const DeliveryAttempt& attempt) {
    json::object out;
    out.emplace("attempt", attempt.attempt);
    out.emplace("at", to_string(attempt.at));
    out.emplace("duration_ms", attempt.took.milliseconds);
    out.emplace("name_lookup_ms", milliseconds_or_null(attempt.times.name_lookup));
    out.emplace("connect_ms", milliseconds_or_null(attempt.times.connect));
    out.emplace("tls_ms", milliseconds_or_null(attempt.times.tls));
    out.emplace("wait_ms", milliseconds_or_null(attempt.times.wait));
    out.emplace("status", attempt.status == 0 ? json::value(nullptr) : json::value(attempt.status));
    out.emplace("error",
                attempt.failure.empty() ? json::value(nullptr) : json::value(attempt.failure));
    return out;
}

json::object summary_json(const DeliveryDoor::Told& told) {
    const Delivery& delivery = told.delivery;
    const bool is_pending = delivery.progress.status == DeliveryStatus::pending;
    json::object out;
    out.emplace("id", id_of(delivery.progress.number));
    out.emplace("webhook", delivery.webhook);
    out.emplace("event", delivery.event);
    out.emplace("type", delivery.type);
    out.emplace("instance",
                delivery.instance.empty() ? json::value(nullptr) : json::value(delivery.instance));
    out.emplace("status", name_of(delivery.progress.status));
    out.emplace("attempt_count", delivery.progress.attempt_count);
    out.emplace("created_at", to_string(delivery.created_at));
    out.emplace("next_attempt_at",
                is_pending ? json::value(to_string(delivery.progress.next_at)) : nullptr);
    out.emplace("ended_at", instant_or_null(delivery.progress.ended_at));
    return out;
}

/// `with_answers`: the caller may know what the receiver answered; `with_body`: and what it is
/// told.
json::object whole_json(const DeliveryDoor::Told& told, bool with_answers, bool with_body) {
    json::object out = summary_json(told);
    out.emplace("request", json::object{{"headers", lines_json(told.headers)},
                                        {"body", with_body ? json::value(told.delivery.body)
                                                           : json::value(nullptr)}});
    json::array attempts;
    for (const DeliveryAttempt& attempt : told.attempts) {
        json::object one = attempt_json(attempt);
        one.emplace("signature", attempt.signature);
        one.emplace("response", attempt.status == 0 || !with_answers
                                    ? json::value(nullptr)
                                    : json::value({{"headers", lines_json(attempt.answer_headers)},
                                                   {"body", attempt.answer}}));
        attempts.push_back(std::move(one));
    }
    out.emplace("attempts", std::move(attempts));
    return out;
}

json::object listed_json(const DeliveryDoor::Told& told) {
    json::object out = summary_json(told);
    json::array attempts;
    for (const DeliveryAttempt& attempt : told.attempts) {
        attempts.push_back(attempt_json(attempt));
    }
    out.emplace("attempts", std::move(attempts));
    return out;
}

/// What the engine says before the book is asked.
struct Entered {
    Record webhook = {};
    bool with_answers = false;
    bool with_body = false;
    std::optional<Answer> kept = {};
};

Result<Entered> open(Runtime& runtime, const Arrival& arrival) {
    SILLAGE_TRY(const AccountPointer account, enter(runtime, arrival));
    const Visit visit{
        .services = arrival.services, .request = arrival.request, .account = *account};
    return runtime.read([&](Reader& reader) -> Result<Entered> {
        Entered entered;
        SILLAGE_TRY(entered.webhook,
                    open_webhook(visit, reader, arrival.request.path_parameter("id")));
        SILLAGE_TRY(const auto rights, registry_rights(reader, *account));
        entered.with_body = may_aim(*account, entered.webhook, rights);
        entered.with_answers = access(*account, Permission::manage_webhook,
                                      scope_of(entered.webhook), rights) == Access::granted;
        if (arrival.repeat) {
            SILLAGE_TRY(entered.kept, kept_answer(reader, *arrival.repeat));
        }
        return entered;
    });
}

Result<void> check_open(const Services& services) {
    if (!services.deliveries.is_open()) {
        return Error{.code = ErrorCode::unavailable,
                     .message = "Deliveries are known to the server alone; start it first."};
    }
    return success();
}

Result<std::optional<Instant>> instant_parameter(const Request& request, std::string_view name) {
    const auto text = request.query_parameter(name);
    if (!text) {
        return std::optional<Instant>();
    }
    auto at = parse_instant(*text);
    if (!at) {
        at.error().message = std::string(name) + ": " + at.error().message;
        return at.error();
    }
    return std::optional(at.value());
}

Result<DeliveryFilter> filter_in(const Request& request, const std::string& webhook) {
    SILLAGE_TRY(const auto page, page_of(request));
    DeliveryFilter filter{.webhook = webhook, .limit = page.limit};
    if (!page.after.empty()) {
        const auto after = number_in(page.after);
        if (!after) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "cursor must be a next_cursor of the page before."};
        }
        filter.after = *after;
    }
    if (const auto status = request.query_parameter("status")) {
        const auto* const found = std::ranges::find(
            statuses, *status, &std::pair<std::string_view, DeliveryStatus>::first);
        if (found == statuses.end()) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "status must be pending, delivered or failed."};
        }
        filter.status = found->second;
    }
    filter.type = request.query_parameter("type").value_or("");
    filter.instance = request.query_parameter("instance").value_or("");
    filter.event = request.query_parameter("event").value_or("");
    SILLAGE_TRY(filter.since, instant_parameter(request, "since"));
    SILLAGE_TRY(filter.until, instant_parameter(request, "until"));
    return filter;
}

net::awaitable<Result<Response>> get_deliveries(const Arrival& arrival) {
    auto ask = [&](Runtime& runtime) { return open(runtime, arrival); };
    SILLAGE_CO_TRY(const Entered entered, co_await arrival.services.gate.run(ask));
    SILLAGE_CO_TRY(check_open(arrival.services));
    SILLAGE_CO_TRY(DeliveryFilter filter, filter_in(arrival.request, entered.webhook.id));
    const std::size_t limit = filter.limit;
    ++filter.limit;
    SILLAGE_CO_TRY(const auto found, co_await arrival.services.deliveries.list(filter));
    json::array items;
    std::string last;
    for (const DeliveryDoor::Told& told : found) {
        if (items.size() == limit) {
            co_return page_response(std::move(items), last);
        }
        items.push_back(listed_json(told));
        last = id_of(told.delivery.progress.number);
    }
    co_return page_response(std::move(items), "");
}

/// One of that webhook. Errors: not_found.
net::awaitable<Result<DeliveryDoor::Told>> open_delivery(const Arrival& arrival,
                                                         std::string webhook) {
    const std::string& id = arrival.request.path_parameter("delivery");
    const auto number = number_in(id);
    if (!number) {
        co_return no_such("delivery", id);
    }
    SILLAGE_CO_TRY(auto told, co_await arrival.services.deliveries.read(*number));
    if (!told || told->delivery.webhook != webhook) {
        co_return no_such("delivery", id);
    }
    co_return *std::move(told);
}

net::awaitable<Result<Response>> get_delivery(const Arrival& arrival) {
    auto ask = [&](Runtime& runtime) { return open(runtime, arrival); };
    SILLAGE_CO_TRY(const Entered entered, co_await arrival.services.gate.run(ask));
    SILLAGE_CO_TRY(check_open(arrival.services));
    SILLAGE_CO_TRY(const auto told, co_await open_delivery(arrival, entered.webhook.id));
    co_return json_response(Status::ok, whole_json(told, entered.with_answers, entered.with_body));
}

/// Answers, and keeps the answer for repeats.
net::awaitable<Result<Response>> keep(const Arrival& arrival, json::value body) {
    Answer done = to_answer(json_response(Status::accepted, body));
    auto store = [&](Runtime& runtime) {
        return runtime.perform(arrival.repeat, [&](Work&) { return done; });
    };
    if (arrival.repeat) {
        SILLAGE_CO_TRY(co_await arrival.services.gate.run(store));
    }
    co_return to_response(done);
}

net::awaitable<Result<Response>> post_redelivery(const Arrival& arrival) {
    auto ask = [&](Runtime& runtime) { return open(runtime, arrival); };
    SILLAGE_CO_TRY(const Entered entered, co_await arrival.services.gate.run(ask));
    if (entered.kept) {
        co_return to_response(*entered.kept);
    }
    SILLAGE_CO_TRY(check_open(arrival.services));
    SILLAGE_CO_TRY(const auto told, co_await open_delivery(arrival, entered.webhook.id));
    const DeliveryDoor& door = arrival.services.deliveries;
    const std::vector<std::uint64_t> numbers(1, told.delivery.progress.number);
    SILLAGE_CO_TRY(co_await door.redeliver(numbers));
    SILLAGE_CO_TRY(const auto now, co_await open_delivery(arrival, entered.webhook.id));
    co_return co_await keep(arrival, summary_json(now));
}

sillage::Field instant_member(std::string_view name) {
    sillage::Field field = text_member(name);
    field.schema.format = SchemaFormat::date_time;
    return field;
}

std::vector<sillage::Field> redelivery_members() {
    return {list_member("deliveries", SchemaType::string), instant_member("since"),
            instant_member("until")};
}

/// Which are meant: those named, or the failures of a period.
struct Selection {
    std::vector<std::uint64_t> numbers = {};
    std::optional<DeliveryFilter> failures = {};
};

Result<Selection> selection_in(const json::object& body, const std::string& webhook) {
    Selection selection;
    if (const json::value* named = body.if_contains("deliveries")) {
        for (const json::value& id : named->as_array()) {
            const auto number = number_in(id.as_string());
            if (!number || selection.numbers.size() == named_max) {
                return Error{.code = ErrorCode::invalid_argument,
                             .message =
                                 "deliveries are up to 200 ids, such as "
                                 "dlv_0000000000000001.",
                             .where = "/deliveries"};
            }
            selection.numbers.push_back(*number);
        }
        return selection;
    }
    DeliveryFilter filter{
        .webhook = webhook, .status = DeliveryStatus::failed, .limit = redelivered_max};
    if (const std::string since = text_of(body, "since"); !since.empty()) {
        SILLAGE_TRY(filter.since, parse_instant(since));
    }
    if (const std::string until = text_of(body, "until"); !until.empty()) {
        SILLAGE_TRY(filter.until, parse_instant(until));
    }
    selection.failures = filter;
    return selection;
}

/// The numbers that are meant, as far as they are this webhook's.
net::awaitable<Result<std::vector<std::uint64_t>>> numbers_of(const DeliveryDoor& door,
                                                              Selection selection,
                                                              std::string webhook) {
    std::vector<std::uint64_t> numbers;
    if (selection.failures) {
        co_return co_await door.numbers(*selection.failures);
    }
    for (const std::uint64_t number : selection.numbers) {
        SILLAGE_CO_TRY(const auto told, co_await door.read(number));
        if (told && told->delivery.webhook == webhook) {
            numbers.push_back(number);
        }
    }
    co_return numbers;
}

net::awaitable<Result<Response>> post_redeliveries(const Arrival& arrival) {
    auto ask = [&](Runtime& runtime) { return open(runtime, arrival); };
    SILLAGE_CO_TRY(const Entered entered, co_await arrival.services.gate.run(ask));
    if (entered.kept) {
        co_return to_response(*entered.kept);
    }
    SILLAGE_CO_TRY(check_open(arrival.services));
    SILLAGE_CO_TRY(const auto body, read_members(arrival.request, redelivery_members()));
    SILLAGE_CO_TRY(const bool dry_run, is_dry_run(arrival.request));
    SILLAGE_CO_TRY(Selection selection, selection_in(body, entered.webhook.id));
    const DeliveryDoor& door = arrival.services.deliveries;
    SILLAGE_CO_TRY(const auto numbers,
                   co_await numbers_of(door, std::move(selection), entered.webhook.id));
    std::size_t count = numbers.size();
    json::object out;
    if (dry_run) {
        out.emplace("count", count);
        co_return json_response(Status::accepted, out);
    }
    SILLAGE_CO_TRY(count, co_await door.redeliver(numbers));
    out.emplace("count", count);
    co_return co_await keep(arrival, out);
}

/// A message that says nothing but that it arrives.
Delivery test_delivery(const Record& webhook, const Arrival& arrival) {
    const Instant now = arrival.request.now;
    Entropy entropy{};
    arrival.services.random(entropy);
    CloudEvent event{.id = "evt_" + ulid(now, entropy),
                     .source = "/webhooks/" + webhook.id,
                     .type = std::string(test_type),
                     .subject = webhook.id,
                     .time = now,
                     .dataschema = schema_url(test_type, arrival.services.deliveries.base_url)};
    event.data = {{"webhook", webhook.id}, {"message", "This is a test. Nothing has happened."}};
    return delivery_of(rendered(event), subscription_of(webhook), now);
}

net::awaitable<Result<Response>> post_test(const Arrival& arrival) {
    auto ask = [&](Runtime& runtime) { return open(runtime, arrival); };
    SILLAGE_CO_TRY(const Entered entered, co_await arrival.services.gate.run(ask));
    if (entered.kept) {
        co_return to_response(*entered.kept);
    }
    SILLAGE_CO_TRY(check_open(arrival.services));
    if (!subscription_of(entered.webhook).is_active()) {
        co_return Error{.code = ErrorCode::conflict,
                        .message = "The webhook is paused or disabled; enable it first."};
    }
    const std::vector<Delivery> deliveries(1, test_delivery(entered.webhook, arrival));
    SILLAGE_CO_TRY(const auto sent, co_await arrival.services.deliveries.send(deliveries));
    DeliveryDoor::Told told;
    told.delivery = sent.front();
    co_return co_await keep(arrival, summary_json(told));
}

}  // namespace

std::vector<Route> webhook_delivery_routes() {
    return {
        {.method = Method::get,
         .pattern = "/v1/webhooks/{id}/deliveries",
         .permission = Permission::use_webhook,
         .task = get_deliveries,
         .parameters = {"status", "type", "instance", "event", "since", "until", "cursor", "limit"},
         .about = {.id = "list_deliveries",
                   .summary = "List what was sent to a webhook, the latest first",
                   .tag = "Webhooks",
                   .words = "Kept for 30 days.",
                   .gives = {{.schema = "Delivery", .is_page = true}}}},
        {.method = Method::get,
         .pattern = "/v1/webhooks/{id}/deliveries/{delivery}",
         .permission = Permission::use_webhook,
         .task = get_delivery,
         .about = {.id = "read_delivery",
                   .summary = "Read a delivery with all that was sent and answered",
                   .tag = "Webhooks",
                   .words = "`request` is as the last attempt sent it; its body is shown to the "
                            "webhook's owner and to administrators. What the receiver answered "
                            "is shown to who manages the webhook's cluster: its first 64 KiB.",
                   .gives = {{.schema = "DeliveryDetail"}}}},
        {.method = Method::post,
         .pattern = "/v1/webhooks/{id}/deliveries/{delivery}/redeliver",
         .permission = Permission::use_webhook,
         .task = post_redelivery,
         .about = {.id = "redeliver",
                   .summary = "Send a delivery again",
                   .tag = "Webhooks",
                   .words = "With the same id and bytes, at once and then with retries. One that "
                            "is pending is tried at once.",
                   .gives = {{.status = Status::accepted, .schema = "DeliverySummary"}}}},
        {.method = Method::post,
         .pattern = "/v1/webhooks/{id}/redeliver",
         .permission = Permission::use_webhook,
         .task = post_redeliveries,
         .parameters = {"dry_run"},
         .about = {.id = "redeliver_many",
                   .summary = "Send several deliveries again",
                   .tag = "Webhooks",
                   .words = "Those that `deliveries` names, or the failed ones that were made from "
                            "`since` on and before `until`: 10,000 at once at most. With "
                            "`dry_run` it only counts them.",
                   .body = {.name = "RedeliveryInput", .members = redelivery_members},
                   .gives = {{.status = Status::accepted, .schema = "Redelivered"}}}},
        {.method = Method::post,
         .pattern = "/v1/webhooks/{id}/test",
         .permission = Permission::use_webhook,
         .task = post_test,
         .about = {.id = "test_webhook",
                   .summary = "Send a test event to a webhook",
                   .tag = "Webhooks",
                   .words = "Its type is `sillage.webhook.test`, whatever the webhook asks for.",
                   .gives = {{.status = Status::accepted, .schema = "DeliverySummary"}},
                   .refuses = {"conflict"}}}};
}

}  // namespace sillage::server
