#include "server/app/request_log.hpp"

#include "server/http/problem.hpp"
#include "server/http/trace.hpp"

namespace sillage::server {

void log_error(const Log& log, const Request& request, const Error& error) {
    const Problem& kind = problem_of(error);
    if (kind.status == Status::internal_error || kind.status == Status::unavailable) {
        log("request_failed", {{"request_id", request.request_id},
                               {"trace_id", trace_id(trace_of(request.headers))},
                               {"route", request.route},
                               {"code", name_of(error.code)},
                               {"message", error.message}});
    }
}

void log_operator(const Log& log, const Request& request, Status status) {
    if (!request.operator_name.empty()) {
        log("operator_request", {{"request_id", request.request_id},
                                 {"operator", request.operator_name},
                                 {"method", name_of(request.method)},
                                 {"route", request.route},
                                 {"status", static_cast<int>(status)}});
    }
}

void log_request(const Log& log, const Request& request, Status status,
                 std::chrono::nanoseconds took) {
    const std::chrono::duration<double, std::milli> took_ms = took;
    log("request", {{"request_id", request.request_id},
                    {"trace_id", trace_id(trace_of(request.headers))},
                    {"method", name_of(request.method)},
                    {"route", request.route},
                    {"status", static_cast<int>(status)},
                    {"took_ms", took_ms.count()}});
}

}  // namespace sillage::server
