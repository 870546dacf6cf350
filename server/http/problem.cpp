#include "server/http/problem.hpp"

#include <algorithm>
#include <array>

#include "engine/base/assert.hpp"
#include "engine/base/json.hpp"

namespace sillage::server {

namespace {

constexpr std::array kinds{
    Problem{"bad-request", Status::bad_request, "The request cannot be read",
            "The request is not valid HTTP, its body is not valid JSON, or a parameter or member "
            "has a value it may not have. The detail says which; mend it and send it again."},
    Problem{"unauthorized", Status::unauthorized, "Who is asking?",
            "The request carries no token, or one that is unknown, expired or revoked. Send "
            "Authorization: Bearer followed by a valid token."},
    Problem{"role", Status::forbidden, "Your role does not allow this",
            "You are known, but none of your roles may do this. The blockers name the roles that "
            "may; ask one of their holders, or an administrator."},
    Problem{"not-found", Status::not_found, "There is no such thing",
            "Nothing is here, or nothing that you may know of. Check the address and the id."},
    Problem{"method", Status::method_not_allowed, "The method does not fit the address",
            "The address exists but does not know this method. The Allow header lists those it "
            "knows."},
    Problem{"not-acceptable", Status::not_acceptable, "No such representation",
            "None of the media types in the Accept header can be given here."},
    Problem{"timeout", Status::request_timeout, "The request took too long to arrive",
            "The request was not sent completely in the time allowed. Send it again, all at "
            "once."},
    Problem{"state", Status::conflict, "Nothing here waits for this event",
            "No active state of the instance has a transition for this event. The actions of the "
            "instance list the events it knows now."},
    Problem{"conflict", Status::conflict, "It exists already",
            "The name, key or version is taken by something with other content."},
    Problem{"in-progress", Status::conflict, "The first request is still running",
            "A request with the same Idempotency-Key has not been answered yet. Wait a moment and "
            "send it again."},
    Problem{"stale", Status::precondition_failed, "It has changed since you looked",
            "If-Match names an older sequence of the instance. Read it again and decide anew."},
    Problem{"too-large", Status::content_too_large, "The body is too large",
            "The body is longer than this server takes. Send less at a time."},
    Problem{"uri-too-long", Status::uri_too_long, "The address is too long",
            "The request target is longer than this server takes."},
    Problem{"media-type", Status::unsupported_media_type, "The body has the wrong media type",
            "The Content-Type header names a media type that this address does not take."},
    Problem{"expectation", Status::expectation_failed, "The expectation cannot be met",
            "The only expectation this server knows is 100-continue."},
    Problem{"form", Status::unprocessable, "The form is not filled in rightly",
            "The event's data does not fit its form. The blockers name each field at fault and "
            "what it asks for."},
    Problem{"guard", Status::unprocessable, "A rule is not met",
            "The workflow allows this event only under a rule that does not hold now. The blockers "
            "show the rule and the values it read."},
    Problem{"incident", Status::unprocessable, "The workflow could not go on",
            "The workflow ran into a defect of its own or passed a limit. Nothing was changed; "
            "the incident is written down for the programme's manager to resolve."},
    Problem{"definition", Status::unprocessable, "The workflow does not pass the check",
            "The file has errors, so nothing was published. The diagnostics give line, column and "
            "what to change."},
    Problem{"idempotency", Status::unprocessable, "The key belongs to another request",
            "This Idempotency-Key was used with another body. Use a new key for a new request."},
    Problem{"rate-limit", Status::too_many_requests, "Too many requests",
            "You have sent more requests than allowed in a short time. Retry-After says when to "
            "go on."},
    Problem{"headers-too-large", Status::headers_too_large, "The header section is too large",
            "The header fields together are longer, or more, than this server takes."},
    Problem{"internal", Status::internal_error, "Something went wrong on our side",
            "The request met a defect of the server. Tell its operator the X-Request-Id; the log "
            "has the details."},
    Problem{"not-implemented", Status::not_implemented, "The server does not know this",
            "The request asks for something in HTTP that this server does not do."},
    Problem{"unavailable", Status::unavailable, "Not now",
            "The server is starting, stopping or overloaded. Nothing was done; Retry-After says "
            "when to try again."},
    Problem{"storage-full", Status::unavailable, "The storage is full",
            "Nothing was written, because the server's disk is full. Once its operator has made "
            "room, the same request will pass."},
    Problem{"version", Status::version_not_supported, "The HTTP version is not supported",
            "This server speaks HTTP/1.1 and HTTP/1.0."},
};

std::string_view code_of_refusal(const Error& error) {
    if (error.reasons.empty()) {
        return "state";
    }
    switch (error.reasons.front().code) {
        case ReasonCode::state:
        case ReasonCode::version:
            return "state";
        case ReasonCode::role:
            return "role";
        case ReasonCode::form:
            return "form";
        case ReasonCode::guard:
        case ReasonCode::deadline:
            return "guard";
    }
    return "state";
}

std::string_view code_of(const Error& error) {
    switch (error.code) {
        case ErrorCode::invalid_argument:
        case ErrorCode::malformed:
            return "bad-request";
        case ErrorCode::unauthenticated:
            return "unauthorized";
        case ErrorCode::forbidden:
            return "role";
        case ErrorCode::not_found:
            return "not-found";
        case ErrorCode::method_not_allowed:
            return "method";
        case ErrorCode::not_acceptable:
            return "not-acceptable";
        case ErrorCode::request_timeout:
            return "timeout";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::stale:
            return "stale";
        case ErrorCode::too_large:
            return "too-large";
        case ErrorCode::unsupported_media_type:
            return "media-type";
        case ErrorCode::idempotency_mismatch:
            return "idempotency";
        case ErrorCode::in_progress:
            return "in-progress";
        case ErrorCode::too_many_requests:
            return "rate-limit";
        case ErrorCode::headers_too_large:
            return "headers-too-large";
        case ErrorCode::event_refused:
            return code_of_refusal(error);
        case ErrorCode::definition_invalid:
            return "definition";
        case ErrorCode::expression_failed:
        case ErrorCode::limit_exceeded:
        case ErrorCode::contract_broken:
            return "incident";
        case ErrorCode::storage_full:
            return "storage-full";
        case ErrorCode::storage_failed:
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::newer_schema:
        case ErrorCode::folder_locked:
        case ErrorCode::corrupt:
        case ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

/// What a client may read of an error: nothing of the storage's and of our own defects.
bool is_shown(const Error& error) {
    return error.code != ErrorCode::storage_failed && problem_of(error).code != "internal";
}

boost::json::object members_of(const Problem& kind, std::string_view detail) {
    return {{"type", "/problems/" + std::string(kind.code)},
            {"title", kind.title},
            {"status", static_cast<int>(kind.status)},
            {"detail", detail}};
}

Response answer_with(const Problem& kind, const boost::json::object& members) {
    Response response =
        text_response(kind.status, "application/problem+json", to_json_text(members));
    if (kind.status == Status::unauthorized) {
        response.headers.add("WWW-Authenticate", "Bearer realm=\"sillage\"");
    }
    if (kind.status == Status::too_many_requests || kind.status == Status::unavailable ||
        kind.code == "in-progress") {
        response.headers.add("Retry-After", "1");
    }
    return response;
}

void add_place(boost::json::object& members, const Error& error) {
    const bool is_pointer =
        error.where.starts_with('/') || (error.where.empty() && error.code == ErrorCode::malformed);
    if (is_pointer) {
        members["pointer"] = error.where;
        members["errors"] = boost::json::array{
            boost::json::object{{"pointer", error.where}, {"detail", error.message}}};
    } else if (!error.where.empty()) {
        members["where"] = error.where;
    }
}

}  // namespace

std::span<const Problem> problems() { return kinds; }

const Problem& problem_named(std::string_view code) {
    const auto found = std::ranges::find(kinds, code, &Problem::code);
    SILLAGE_ASSERT(found != kinds.end());
    return *found;
}

const Problem& problem_of(const Error& error) { return problem_named(code_of(error)); }

Response problem(const Error& error) { return answer_with(problem_of(error), problem_json(error)); }

Response problem(std::string_view code, std::string_view detail) {
    const Problem& kind = problem_named(code);
    return answer_with(kind, members_of(kind, detail));
}

boost::json::object problem_json(const Error& error) {
    const Problem& kind = problem_of(error);
    if (!is_shown(error)) {
        return members_of(kind, kind.words);
    }
    boost::json::object members = members_of(kind, error.message);
    add_place(members, error);
    if (!error.reasons.empty()) {
        members["blockers"] = blockers_json(error);
    }
    return members;
}

boost::json::array blockers_json(const Error& error) {
    boost::json::array blockers;
    for (const Reason& reason : error.reasons) {
        boost::json::object blocker{{"code", name_of(reason.code)},
                                    {"rule", reason.rule},
                                    {"message", reason.message},
                                    {"values", reason.values}};
        if (!reason.state.empty()) {
            blocker["state"] = reason.state;
        }
        blockers.push_back(std::move(blocker));
    }
    return blockers;
}

}  // namespace sillage::server
