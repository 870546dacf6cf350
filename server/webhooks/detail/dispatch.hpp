#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/http/clock.hpp"
#include "server/webhooks/endpoint.hpp"

// Who may send next: the attempts that a host may have at a time are shared by its webhooks in
// turn.

namespace sillage::server {

/// What a dispatch calls; all on its context's thread.
struct DispatchHooks {
    Clock clock = {};
    /// Makes one attempt and puts the delivery back or ends it.
    std::function<net::awaitable<void>(EndpointPointer, DeliveryPointer)> attempt = {};
    /// Whether what comes of attempts can be noted; else none is made before the next `look`.
    std::function<bool()> is_open = {};
};

class Dispatch {
  public:
    Dispatch(net::io_context& context, DispatchHooks hooks)
        : context_(context), hooks_(std::move(hooks)) {}

    /// Adds the endpoint to its host's, if it has a target.
    void enrol(const EndpointPointer& endpoint);
    void remove(const EndpointPointer& endpoint);
    /// Something may be due at the endpoint's host.
    void look(const Endpoint& endpoint);

    [[nodiscard]] std::size_t under_way() const { return under_way_; }

  private:
    struct Host {
        explicit Host(net::io_context& context) : alarm(context) {}

        std::vector<EndpointPointer> endpoints;
        std::size_t turn = 0;  ///< whose is next
        std::size_t servers = 0;
        net::steady_timer alarm;
        std::optional<Instant> alarm_at;
    };
    using HostPointer = std::shared_ptr<Host>;

    /// When the endpoint may send next; nothing: not before an attempt under way ends, or it has
    /// nothing to send. Where a host has several webhooks, a slow one leaves the others their
    /// share.
    [[nodiscard]] static std::optional<Instant> due_at(const Host& host, const Endpoint& endpoint);
    /// The next that may send now; null: none.
    EndpointPointer next(Host& host, Instant now);
    void begin(const HostPointer& host);
    void set_alarm(const HostPointer& host, Instant now);
    net::awaitable<void> serve(HostPointer host);

    net::io_context& context_;
    DispatchHooks hooks_;
    std::map<std::string, HostPointer> hosts_;
    std::size_t under_way_ = 0;
};

}  // namespace sillage::server
