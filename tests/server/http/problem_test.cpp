#include "server/http/problem.hpp"

#include <doctest/doctest.h>

#include <set>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

Error refused_for(ReasonCode code) {
    Error error{.code = ErrorCode::event_refused, .message = "No."};
    error.reasons.push_back(Reason{.code = code});
    return error;
}

boost::json::value body_of(const Response& response) { return test::ok(parse_json(response.body)); }

}  // namespace

TEST_SUITE("http/problem") {
    TEST_CASE("a refused event is answered by the reason that got furthest") {
        struct Row {
            ReasonCode reason;
            int status;
            std::string_view code;
        };
        for (const Row& row :
             {Row{ReasonCode::state, 409, "state"}, Row{ReasonCode::role, 403, "role"},
              Row{ReasonCode::form, 422, "form"}, Row{ReasonCode::guard, 422, "guard"},
              Row{ReasonCode::deadline, 422, "guard"}, Row{ReasonCode::version, 409, "state"}}) {
            CAPTURE(row.code);
            const Problem& kind = problem_of(refused_for(row.reason));
            CHECK(static_cast<int>(kind.status) == row.status);
            CHECK(kind.code == row.code);
        }
    }

    TEST_CASE("every error code has a kind with the status of the contract") {
        const std::vector<std::pair<ErrorCode, int>> rows{
            {ErrorCode::invalid_argument, 400},
            {ErrorCode::malformed, 400},
            {ErrorCode::unauthenticated, 401},
            {ErrorCode::forbidden, 403},
            {ErrorCode::not_found, 404},
            {ErrorCode::method_not_allowed, 405},
            {ErrorCode::not_acceptable, 406},
            {ErrorCode::request_timeout, 408},
            {ErrorCode::conflict, 409},
            {ErrorCode::stale, 412},
            {ErrorCode::too_large, 413},
            {ErrorCode::unsupported_media_type, 415},
            {ErrorCode::idempotency_mismatch, 422},
            {ErrorCode::in_progress, 409},
            {ErrorCode::too_many_requests, 429},
            {ErrorCode::headers_too_large, 431},
            {ErrorCode::definition_invalid, 422},
            {ErrorCode::expression_failed, 422},
            {ErrorCode::limit_exceeded, 422},
            {ErrorCode::contract_broken, 422},
            {ErrorCode::storage_full, 503},
            {ErrorCode::storage_failed, 503},
            {ErrorCode::unavailable, 503},
            {ErrorCode::internal, 500},
            {ErrorCode::corrupt, 500},
            {ErrorCode::newer_schema, 500},
        };
        for (const auto& [code, status] : rows) {
            CAPTURE(name_of(code));
            CHECK(static_cast<int>(problem_of(Error{.code = code}).status) == status);
        }
    }

    TEST_CASE("a guard that is not met reads as in the contract's conversation") {
        Error error = refused_for(ReasonCode::guard);
        error.message = "The score must reach 60; it is 0.";
        error.reasons[0] = Reason{.code = ReasonCode::guard,
                                  .rule = "score >= 60",
                                  .message = error.message,
                                  .values = {{"score", 0}}};

        const Response response = problem(error);

        CHECK(response.headers.find("Content-Type") == "application/problem+json");
        CHECK(response.body ==
              R"({"type":"/problems/guard","title":"A rule is not met","status":422,)"
              R"("detail":"The score must reach 60; it is 0.","blockers":[{"code":"guard",)"
              R"("rule":"score >= 60","message":"The score must reach 60; it is 0.",)"
              R"("values":{"score":0}}]})");
    }

    TEST_CASE("a place in the body is given as pointer") {
        const auto body = body_of(problem(Error{.code = ErrorCode::invalid_argument,
                                                .message = "Must be a number.",
                                                .where = "/data/score"}));

        CHECK(body.at("pointer") == "/data/score");
        CHECK(body.at("errors").at(0).at("pointer") == "/data/score");
        CHECK(body.at("errors").at(0).at("detail") == "Must be a number.");
    }

    TEST_CASE("defects and storage failures say nothing of the inside") {
        for (const ErrorCode code :
             {ErrorCode::internal, ErrorCode::corrupt, ErrorCode::storage_failed}) {
            const Response response =
                problem(Error{.code = code, .message = "secret", .where = "/etc/secret"});
            CHECK(response.body.find("secret") == std::string::npos);
        }
    }

    TEST_CASE("who must come back is told when, who must say who he is how") {
        CHECK(problem(Error{.code = ErrorCode::unavailable}).headers.find("Retry-After") == "1");
        CHECK(problem(Error{.code = ErrorCode::too_many_requests}).headers.find("Retry-After"));
        CHECK(problem(Error{.code = ErrorCode::unauthenticated}).headers.find("WWW-Authenticate"));
    }

    TEST_CASE("codes are unique and every kind has words") {
        std::set<std::string_view> codes;
        for (const Problem& kind : problems()) {
            CHECK(codes.insert(kind.code).second);
            CHECK_FALSE(kind.title.empty());
            CHECK_FALSE(kind.words.empty());
        }
    }
}

}  // namespace sillage::server
