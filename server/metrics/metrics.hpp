#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/metrics/exposition.hpp"

namespace sillage::server {

/// Requests of one method to one route.
struct RouteMetrics {
    /// By the status' first digit, 1 to 5.
    std::array<Counter, 5> answers{};
    Histogram took{slow_bounds};
};

/// Requests by method and route. The routes are set before anybody asks, so that no number of
/// strange requests makes more series; what is none of them is counted together.
class RequestMetrics {
  public:
    /// Ex. `GET /v1/me`. Before the first `observe`.
    void expect(const std::vector<std::string>& routes);
    /// From any thread. `status`: 100 to 599.
    void observe(std::string_view method, std::string_view route, int status,
                 std::chrono::nanoseconds took);
    /// What has been asked for at least once.
    void tell(Exposition& out) const;

  private:
    /// By route, then method.
    using Methods = std::map<std::string, std::unique_ptr<RouteMetrics>, std::less<>>;
    std::map<std::string, Methods, std::less<>> routes_;
    RouteMetrics others_;
};

/// All that the server counts. The instruments may be used from any thread.
struct Metrics {
    RequestMetrics requests;
    Histogram engine_wait{slow_bounds};
    Histogram step{quick_bounds};
    Histogram commit{slow_bounds};
    Histogram fsync{slow_bounds};
    Counter entries;
    Counter timers_fired;
    Histogram timer_late{late_bounds};
    /// Called whenever somebody reads, in this order: what rooms tell of themselves. Set before
    /// anybody reads; they must be quick, and may be called from any thread.
    std::vector<std::function<void(Exposition&)>> sources;

    /// Everything, in the text format.
    [[nodiscard]] std::string text() const;
};

}  // namespace sillage::server
