#include "engine/base/error.hpp"

namespace sillage {

std::string_view name_of(ReasonCode code) {
    switch (code) {
        case ReasonCode::state:
            return "state";
        case ReasonCode::role:
            return "role";
        case ReasonCode::form:
            return "form";
        case ReasonCode::guard:
            return "guard";
        case ReasonCode::deadline:
            return "deadline";
        case ReasonCode::version:
            return "version";
    }
    return "";
}

std::string_view name_of(ErrorCode code) {
    // In the order of the enumeration, so that a new code without a name does not compile.
    static constexpr std::string_view names[] = {"invalid_argument",
                                                 "malformed",
                                                 "unauthenticated",
                                                 "forbidden",
                                                 "not_found",
                                                 "method_not_allowed",
                                                 "not_acceptable",
                                                 "request_timeout",
                                                 "conflict",
                                                 "stale",
                                                 "too_large",
                                                 "unsupported_media_type",
                                                 "idempotency_mismatch",
                                                 "in_progress",
                                                 "too_many_requests",
                                                 "headers_too_large",
                                                 "event_refused",
                                                 "definition_invalid",
                                                 "expression_failed",
                                                 "limit_exceeded",
                                                 "contract_broken",
                                                 "storage_full",
                                                 "storage_failed",
                                                 "newer_schema",
                                                 "folder_locked",
                                                 "corrupt",
                                                 "unavailable",
                                                 "internal"};
    static_assert(std::size(names) == static_cast<std::size_t>(ErrorCode::internal) + 1);
    return names[static_cast<std::size_t>(code)];
}

}  // namespace sillage
