#include "server/http/clock.hpp"

#include <chrono>

namespace sillage::server {

Instant system_now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

}  // namespace sillage::server
