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

std::optional<Instant> Dispatch::due_at(const Host& host, const Endpoint& endpoint) {
    if (host.endpoints.size() > 1) {
        const auto busy = std::ranges::count_if(host.endpoints, [](const auto& other) {
            return other->under_way > 0 || other->next_due().has_value();
        });
        const std::size_t share = std::max<std::size_t>(
            1, host_attempts_max / std::max<std::size_t>(2, static_cast<std::size_t>(busy)));
        if (endpoint.under_way >= share) {
            return std::nullopt;
        }
    }
    return endpoint.next_due();
}

EndpointPointer Dispatch::next(Host& host, Instant now) {
    if (!hooks_.is_open()) {
        return nullptr;
    }
    for (std::size_t count = 0; count < host.endpoints.size(); ++count) {
        host.turn = (host.turn + 1) % host.endpoints.size();
        const EndpointPointer& endpoint = host.endpoints[host.turn];
        const auto due = due_at(host, *endpoint);
        if (due && *due <= now) {
            return endpoint;
        }
    }
    return nullptr;
}

void Dispatch::begin(const HostPointer& host) {
    if (!hooks_.is_open()) {
        return;
    }
    const Instant now = hooks_.clock();
    const bool has_work = std::ranges::any_of(host->endpoints, [&](const auto& endpoint) {
        const auto due = due_at(*host, *endpoint);
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
        const auto due = due_at(*host, *endpoint);
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
        if (std::ranges::find(host->endpoints, endpoint) == host->endpoints.end()) {
            look(*endpoint);  // it has moved to another host, or to this one anew
        }
    }
    --host->servers;
    if (hooks_.is_open()) {
        set_alarm(host, hooks_.clock());
    }
}

}  // namespace sillage::server
