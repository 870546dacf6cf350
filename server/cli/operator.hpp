#pragma once

#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "server/http/message.hpp"

// How commands act on a data folder: as requests of the operator's, answered by the server that has
// the folder, or by this process when none has. Either way the same routes and the same log.

namespace sillage::server {

/// What is asked for. Ex. `{Method::post, "/v1/accounts", R"({"name":"Ana"})"}`.
struct OperatorRequest {
    Method method = Method::get;
    /// Path and query.
    std::string target = {};
    std::string body = {};
    std::vector<Field> headers = {{"Content-Type", "application/json"}};
};

/// The answer, whatever its status.
/// Errors: not_found: there is no data folder; folder_locked: a process has it that does not let
///         the operator in; unavailable: the server went away before it had answered;
///         invalid_argument: a target that is none.
[[nodiscard]] Result<Response> operate(const std::string& folder, const OperatorRequest& request);

/// The same; an answer of status 400 and above becomes an error.
/// Errors: as operate; conflict: the problem's words, `where` its pointer.
[[nodiscard]] Result<boost::json::value> operate_json(const std::string& folder,
                                                      const OperatorRequest& request);

/// SILLAGE_DATA, else the default of `sillage serve`.
[[nodiscard]] std::string default_folder();

/// Says on standard error why the command failed, and gives its exit status.
int complain_of(std::string_view command, const Error& error);

}  // namespace sillage::server
