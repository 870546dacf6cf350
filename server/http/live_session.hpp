#pragma once

#include <memory>

#include "server/http/live_body.hpp"
#include "server/http/session.hpp"

namespace sillage::server {

/// Writes the body as it comes about, until it ends, its reader goes or does not read, or the
/// server stops. What the reader still sends is thrown away. `sessions` must outlive it.
net::awaitable<void> run_live(std::shared_ptr<Transport> transport, std::shared_ptr<LiveBody> body,
                              Sessions& sessions);

}  // namespace sillage::server
