#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "server/app/config.hpp"
#include "server/metrics/exposition.hpp"
#include "server/outward/mailer.hpp"
#include "server/routes/delivery_door.hpp"
#include "server/routes/services.hpp"
#include "server/webhooks/courier.hpp"

// How webhooks are wired to the rest.

namespace sillage::server {

/// What the configuration says of the courier, with its book opened in the data folder.
/// Errors: invalid_argument: webhook_allow; those of the book.
[[nodiscard]] Result<CourierParts> courier_parts(const Config& config, Gate& gate, Log log);

/// The courier as routes see it; `courier` is filled in before the first request.
/// Errors: invalid_argument: webhook_allow.
[[nodiscard]] Result<DeliveryDoor> door_to(const std::unique_ptr<Courier>& courier,
                                           const Config& config);

/// What the courier has done and what waits, for metrics.
void tell_deliveries(Exposition& out, const CourierFigures& figures);

/// Has incoming messages done whose instance has come since, once a second, until its executor
/// stops.
net::awaitable<void> settle_inbound(Gate& gate, const Services& services, Clock clock, Log log);

/// Mails whose webhook was disabled that it was.
class DisabledMail {
  public:
    struct Parts {
        Gate& gate;
        Mailer& mailer;
        std::function<void(std::span<std::uint8_t>)> random = {};
        Clock clock = {};
        Log log = {};
    };

    /// Works on that executor.
    DisabledMail(net::any_io_executor executor, Parts parts);

    /// Returns at once. From any thread.
    void tell(const std::string& account, const std::string& url, const std::string& reason);

  private:
    net::awaitable<void> look_up_and_mail(std::string account, std::string url, std::string reason);

    net::any_io_executor executor_;
    Parts parts_;
};

/// What such a mail says.
[[nodiscard]] Mail disabled_mail(const std::string& to, const std::string& url,
                                 const std::string& reason);

}  // namespace sillage::server
