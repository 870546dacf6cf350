#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <span>
#include <string>

#include "server/gate/gate.hpp"
#include "server/http/clock.hpp"
#include "server/http/log.hpp"
#include "server/outward/mailer.hpp"

namespace sillage::server {

/// Has one-time links made and mailed to whom an account belongs, away from the request that asked:
/// whoever asks learns nothing of whether there is one, not by the time it takes either.
class LinkMail {
  public:
    struct Parts {
        Gate& gate;
        Mailer& mailer;
        std::function<void(std::span<std::uint8_t>)> random = {};
        Clock clock = {};
        Log log = {};
        /// Where links lead.
        std::string base_url = {};
    };

    /// Works on that executor.
    LinkMail(net::any_io_executor executor, Parts parts);

    /// Returns at once. From any thread.
    void ask(const std::string& email);

  private:
    net::awaitable<void> make_and_mail(std::string email);

    net::any_io_executor executor_;
    Parts parts_;
    std::atomic<std::size_t> under_way_ = 0;
};

/// What such a mail says.
[[nodiscard]] Mail link_mail(const std::string& to, const std::string& url);

}  // namespace sillage::server
