#include "server/app/request_log.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/base/json.hpp"

namespace sillage::server {
namespace {

struct Lines {
    std::vector<std::string> lines = {};
    Log log = [this](std::string_view event, const boost::json::object& fields) {
        lines.push_back(std::string(event) + " " + to_json_text(fields));
    };
};

Request request() {
    Request asked{.method = Method::post, .body = "secret", .request_id = "req_1"};
    asked.route = "/v1/instances";
    asked.headers.add("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    asked.headers.add("Authorization", "Bearer secret");
    return asked;
}

}  // namespace

TEST_SUITE("app/request_log") {
    TEST_CASE("a request is one line, with its trace and nothing of what it holds") {
        Lines told;
        log_request(told.log, request(), Status::created, std::chrono::microseconds(1500));

        REQUIRE(told.lines.size() == 1);
        CHECK(told.lines[0].starts_with("request {"));
        CHECK(told.lines[0].find(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")") !=
              std::string::npos);
        CHECK(told.lines[0].find(R"("took_ms":1.5)") != std::string::npos);
        CHECK(told.lines[0].find("secret") == std::string::npos);
    }

    TEST_CASE("only failures of the server's own are logged as such") {
        Lines told;
        log_error(told.log, request(), Error{.code = ErrorCode::not_found, .message = "no"});
        CHECK(told.lines.empty());
        log_error(told.log, request(), Error{.code = ErrorCode::internal, .message = "why"});
        REQUIRE(told.lines.size() == 1);
        CHECK(told.lines[0].find("why") != std::string::npos);
    }

    TEST_CASE("TM47: what the operator asks for is logged, what others ask for is not") {
        Lines told;
        Request asked = request();
        log_operator(told.log, asked, Status::ok);
        CHECK(told.lines.empty());
        asked.operator_name = "root";
        log_operator(told.log, asked, Status::ok);
        REQUIRE(told.lines.size() == 1);
        CHECK(told.lines[0].find(R"("operator":"root")") != std::string::npos);
    }
}

}  // namespace sillage::server
