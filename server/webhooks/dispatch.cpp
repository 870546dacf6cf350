#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "server/webhooks/detail/dispatch.hpp"

namespace sillage::server {

void Dispatch::enrol(const EndpointPointer& endpoint) {
    if (!endpoint->target) {
        return;
    }
    HostPointer& host = hosts_[endpoint->target->host];
    if (host == nullptr) {
        host = std::make_shared<Host>(context_);
    }
    host->endpoints.push_back(endpoint);
}

void Dispatch::remove(const EndpointPointer& endpoint) {
    if (!endpoint->target) {
        return;
    }
    const auto found = hosts_.find(endpoint->target->host);
    if (found == hosts_.end()) {
        return;
    }
    std::erase(found->second->endpoints, endpoint);
    if (found->second->endpoints.empty()) {
        found->second->alarm.cancel();
        hosts_.erase(found);
    }
}

void Dispatch::look(const Endpoint& endpoint) {
    if (!endpoint.target) {
        return;
    }
    const auto found = hosts_.find(endpoint.target->host);
    if (found != hosts_.end()) {
        begin(found->second);
    }
}

EndpointPointer Dispatch::next(Host& host, Instant now) {
    for (std::size_t count = 0; count < host.endpoints.size(); ++count) {
        host.turn = (host.turn + 1) % host.endpoints.size();
        const EndpointPointer& endpoint = host.endpoints[host.turn];
        const auto due = endpoint->next_due();
        if (due && *due <= now) {
            return endpoint;
        }
    }
    return nullptr;
}

void Dispatch::begin(const HostPointer& host) {
    const Instant now = hooks_.clock();
    const bool has_work = std::ranges::any_of(host->endpoints, [&](const auto& endpoint) {
        const auto due = endpoint->next_due();
        return due && *due <= now;
    });
    if (has_work && host->servers < host_attempts_max) {
        ++host->servers;
        net::co_spawn(context_, serve(host), net::detached);
    } else if (!has_work) {
        set_alarm(host, now);
    }
}

void Dispatch::set_alarm(const HostPointer& host, Instant now) {
    std::optional<Instant> first;
    for (const EndpointPointer& endpoint : host->endpoints) {
        const auto due = endpoint->next_due();
        if (due && (!first || *due < *first)) {
            first = due;
        }
    }
    if (!first || host->alarm_at == first) {
        return;
    }
    host->alarm_at = first;
    host->alarm.expires_after(
        std::chrono::milliseconds(std::max<std::int64_t>(0, (*first - now).milliseconds)));
    host->alarm.async_wait([this, host](const boost::system::error_code& error) {
        if (!error) {
            host->alarm_at.reset();
            begin(host);
        }
    });
}

net::awaitable<void> Dispatch::serve(HostPointer host) {
    for (;;) {
        const Instant now = hooks_.clock();
        const EndpointPointer endpoint = next(*host, now);
        if (endpoint == nullptr) {
            break;
        }
        DeliveryPointer delivery = endpoint->lanes.take(now);
        ++endpoint->under_way;
        ++under_way_;
        begin(host);  // what else may go, goes beside it
        co_await hooks_.attempt(endpoint, std::move(delivery));
        --endpoint->under_way;
        --under_way_;
    }
    --host->servers;
    set_alarm(host, hooks_.clock());
}

}  // namespace sillage::server
