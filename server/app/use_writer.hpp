#pragma once

#include <boost/asio/awaitable.hpp>

#include "server/auth/holders.hpp"
#include "server/gate/gate.hpp"
#include "server/http/clock.hpp"
#include "server/http/log.hpp"

namespace sillage::server {

/// Writes down the uses that are due, and says how many. Errors: as Gate::run.
net::awaitable<Result<std::size_t>> write_due_uses(Gate& gate, Holders& holders, Instant now);

/// Writes down which credentials were used, where that is due, and waits a minute, again and again
/// until its executor stops. What was not written then is forgotten: a use is no proof.
net::awaitable<void> write_uses(Gate& gate, Holders& holders, Clock clock, Log log);

}  // namespace sillage::server
