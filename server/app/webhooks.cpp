#include "server/app/webhooks.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "engine/base/ids.hpp"
#include "engine/runtime/runtime.hpp"
#include "engine/store/sqlite/delivery_book.hpp"
#include "server/app/chance.hpp"
#include "server/routes/inbound_message.hpp"
#include "server/webhooks/request_text.hpp"

namespace sillage::server {
namespace {

/// Between two looks at messages that wait for their instance.
constexpr std::chrono::seconds settle_pause{1};

DeliveryDoor::Told told_of(ToldDelivery told) {
    DeliveryDoor::Told out{.delivery = std::move(told.delivery),
                           .attempts = std::move(told.attempts)};
    if (!out.attempts.empty()) {
        const DeliveryAttempt& last = out.attempts.back();
        out.headers = header_lines(out.delivery, last.at, last.signature);
    }
    return out;
}

net::awaitable<Result<std::vector<DeliveryDoor::Told>>> list(Courier& courier,
                                                             DeliveryFilter filter) {
    SILLAGE_CO_TRY(auto found, co_await courier.deliveries(std::move(filter)));
    std::vector<DeliveryDoor::Told> told;
    for (ToldDelivery& one : found) {
        told.push_back(told_of(std::move(one)));
    }
    co_return told;
}

net::awaitable<Result<std::optional<DeliveryDoor::Told>>> read(Courier& courier,
                                                               std::uint64_t number) {
    SILLAGE_CO_TRY(auto found, co_await courier.delivery(number));
    if (!found) {
        co_return std::optional<DeliveryDoor::Told>();
    }
    co_return std::optional(told_of(*std::move(found)));
}

}  // namespace

Result<CourierParts> courier_parts(const Config& config, Gate& gate, Log log) {
    CourierParts parts{.gate = gate, .ca_file = config.webhook_ca_file};
    parts.log = std::move(log);
    parts.chance = chance;
    SILLAGE_TRY(parts.allowed, AllowedTargets::read(config.webhook_allow));
    SILLAGE_TRY(parts.book,
                SqliteDeliveryBook::open(std::filesystem::path(config.data) / delivery_file));
    return parts;
}

Result<DeliveryDoor> door_to(const std::unique_ptr<Courier>& courier, const Config& config) {
    SILLAGE_TRY(const auto allowed, AllowedTargets::read(config.webhook_allow));
    DeliveryDoor door;
    door.check_url = [allowed](const std::string& url) -> Result<void> {
        SILLAGE_TRY(const Target target, parse_target(url));
        auto checked = check_target(target, allowed);
        if (!checked) {
            checked.error().code = ErrorCode::invalid_argument;  // of the body, not of the caller
        }
        return checked;
    };
    door.list = [&courier](DeliveryFilter filter) { return list(*courier, std::move(filter)); };
    door.read = [&courier](std::uint64_t number) { return read(*courier, number); };
    door.send = [&courier](std::vector<Delivery> deliveries) {
        return courier->send(std::move(deliveries));
    };
    door.redeliver = [&courier](std::vector<std::uint64_t> numbers) {
        return courier->redeliver(std::move(numbers));
    };
    door.numbers = [&courier](DeliveryFilter filter) {
        return courier->numbers(std::move(filter));
    };
    door.wake = [&courier] { courier->wake(); };
    return door;
}

void tell_deliveries(Exposition& out, const CourierFigures& figures) {
    out.begin("sillage_delivery_attempts_total", "counter",
              "Attempts to deliver to webhooks, by what came of them");
    out.add(static_cast<double>(figures.delivered), {{"outcome", "delivered"}});
    out.add(static_cast<double>(figures.attempts_failed), {{"outcome", "failed"}});
    out.gauge("sillage_deliveries_under_way", "Attempts under way",
              static_cast<double>(figures.under_way));
    out.gauge("sillage_deliveries_held", "Deliveries that wait in memory",
              static_cast<double>(figures.held));
    out.gauge("sillage_delivery_late_seconds", "How long the delivery due longest has waited",
              std::chrono::duration<double>(figures.late).count());
}

net::awaitable<void> settle_inbound(Gate& gate, const Services& services, Clock clock, Log log) {
    net::steady_timer timer(co_await net::this_coro::executor);
    for (;;) {
        timer.expires_after(settle_pause);
        co_await timer.async_wait(net::use_awaitable);
        const Instant now = clock();
        auto settle = [&](Runtime& runtime) { return settle_waiting(services, runtime, now, log); };
        const Result<std::size_t> settled = co_await gate.run(settle);
        if (!settled) {
            log("inbound_not_settled", {{"code", name_of(settled.error().code)}});
        }
    }
}

DisabledMail::DisabledMail(net::any_io_executor executor, Parts parts)
    : executor_(std::move(executor)), parts_(std::move(parts)) {}

void DisabledMail::tell(const std::string& account, const std::string& url,
                        const std::string& reason) {
    net::co_spawn(executor_, look_up_and_mail(account, url, reason), net::detached);
}

net::awaitable<void> DisabledMail::look_up_and_mail(std::string account, std::string url,
                                                    std::string reason) {
    auto ask = [&](Runtime& runtime) -> Result<std::string> {
        return runtime.read([&](Reader& reader) -> Result<std::string> {
            SILLAGE_TRY(const auto record,
                        reader.view().record(RecordKind::account, account, std::nullopt));
            const auto* email = record ? record->body.if_contains("email") : nullptr;
            return email != nullptr && email->is_string() ? std::string(email->get_string())
                                                          : std::string();
        });
    };
    const Result<std::string> to = co_await parts_.gate.run(ask);
    if (!to || to.value().empty()) {
        co_return;  // the API shows it
    }
    const Instant now = parts_.clock();
    Entropy entropy{};
    parts_.random(entropy);
    const Result<void> queued =
        parts_.mailer.send(disabled_mail(to.value(), url, reason), ulid(now, entropy), now);
    if (!queued) {
        parts_.log("mail_dropped", {{"code", name_of(queued.error().code)}});
    }
}

Mail disabled_mail(const std::string& to, const std::string& url, const std::string& reason) {
    return Mail{.to = to,
                .subject = "Your webhook was disabled",
                .text = "Sillage sends nothing more to your webhook at\n\n" + url + "\n\n" +
                        reason +
                        " What happens meanwhile is kept, and sent\nonce you enable it again.\n"};
}

}  // namespace sillage::server
