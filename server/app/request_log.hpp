#pragma once

#include <chrono>

#include "engine/base/error.hpp"
#include "server/http/log.hpp"
#include "server/http/message.hpp"

// What the log says of requests: never what they hold.

namespace sillage::server {

/// A failure that is the server's own; of other refusals nothing is logged.
void log_error(const Log& log, const Request& request, const Error& error);

/// What the operator does is to be seen, also what it only reads (threats TM47); of others nothing.
void log_operator(const Log& log, const Request& request, Status status);

/// One line a request.
void log_request(const Log& log, const Request& request, Status status,
                 std::chrono::nanoseconds took);

}  // namespace sillage::server
