#include "server/metrics/metrics.hpp"

#include <algorithm>

#include "server/metrics/process.hpp"

namespace sillage::server {
namespace {

constexpr std::array<std::string_view, 5> classes{"1xx", "2xx", "3xx", "4xx", "5xx"};
/// In the place of a route that there is none of.
constexpr std::string_view no_route = "none";

bool was_asked(const RouteMetrics& metrics) {
    return std::ranges::any_of(metrics.answers,
                               [](const Counter& counter) { return counter.value() > 0; });
}

}  // namespace

void RequestMetrics::expect(const std::vector<std::string>& routes) {
    for (const std::string& route : routes) {
        const std::size_t blank = route.find(' ');
        auto& methods = routes_[route.substr(blank + 1)];
        methods[route.substr(0, blank)] = std::make_unique<RouteMetrics>();
    }
}

void RequestMetrics::observe(std::string_view method, std::string_view route, int status,
                             std::chrono::nanoseconds took) {
    RouteMetrics* metrics = &others_;
    const auto methods = routes_.find(route);
    if (methods != routes_.end()) {
        const auto found = methods->second.find(method == "HEAD" ? "GET" : method);
        metrics = found == methods->second.end() ? metrics : found->second.get();
    }
    const auto digit = static_cast<std::size_t>(std::clamp(status / 100, 1, 5));
    metrics->answers[digit - 1].add();
    metrics->took.observe(took);
}

void RequestMetrics::tell(Exposition& out) const {
    const auto for_each = [&](const auto& visit) {
        for (const auto& [route, methods] : routes_) {
            for (const auto& [method, metrics] : methods) {
                if (was_asked(*metrics)) {
                    visit(Labels{{"method", method}, {"route", route}}, *metrics);
                }
            }
        }
        if (was_asked(others_)) {
            visit(Labels{{"method", std::string(no_route)}, {"route", std::string(no_route)}},
                  others_);
        }
    };
    out.begin("sillage_http_requests_total", "counter", "Answers, by route and kind of status");
    for_each([&](Labels labels, const RouteMetrics& metrics) {
        labels.emplace_back("status", "");
        for (std::size_t digit = 0; digit < classes.size(); ++digit) {
            labels.back().second = classes[digit];
            if (const std::uint64_t count = metrics.answers[digit].value(); count > 0) {
                out.add(static_cast<double>(count), labels);
            }
        }
    });
    out.begin("sillage_http_request_seconds", "histogram",
              "From a request's last byte to its answer");
    for_each(
        [&](const Labels& labels, const RouteMetrics& metrics) { out.add(metrics.took, labels); });
}

std::string Metrics::text() const {
    Exposition out;
    requests.tell(out);
    out.histogram("sillage_engine_wait_seconds", "How long work waited for the engine",
                  engine_wait);
    out.histogram("sillage_step_seconds", "How long the engine took for a piece of work", step);
    out.histogram("sillage_commit_seconds", "Synced commits of the log, each of all that waited",
                  commit);
    out.histogram("sillage_fsync_seconds", "Of that, writing the WAL and waiting for the disk",
                  fsync);
    out.counter("sillage_entries_total", "Entries of the log that were written", entries);
    out.counter("sillage_timers_fired_total", "Timers that fired", timers_fired);
    out.histogram("sillage_timer_late_seconds", "How late the first timer of a turn fired",
                  timer_late);
    for (const auto& source : sources) {
        source(out);
    }
    tell_process(out);
    return out.take();
}

}  // namespace sillage::server
