#pragma once

#include <chrono>
#include <cstddef>

namespace sillage::server {

/// What one connection and one request may cost. Every figure is configurable, so that a test can
/// wait 50 ms where the world waits a minute. Source: api.md, 4 and reliability X1, X2.
struct Limits {
    /// A connection without a request: published.
    std::chrono::milliseconds idle{60'000};
    /// From a request's first byte to its last, and the whole TLS handshake: published.
    std::chrono::milliseconds request{10'000};
    /// One answer, from first byte to last: enough for 1 MiB over 300 kbit/s.
    std::chrono::milliseconds write{30'000};
    /// Between two signs of life of a body that is written as it comes: published. Proxies cut
    /// what is silent for a minute, as a rule.
    std::chrono::milliseconds heartbeat{15'000};
    /// How long what a refused client still sends is read and thrown away, so that its kernel shows
    /// it the answer instead of a reset.
    std::chrono::milliseconds linger{1'000};
    /// JSON and YAML bodies: published.
    std::size_t body_bytes_max = 1024UL * 1024UL;
    /// Request line and fields together: published.
    std::size_t head_bytes_max = 16UL * 1024UL;
    /// The request target: half of the head, as most servers and proxies take.
    std::size_t target_bytes_max = 8UL * 1024UL;
    /// As Apache's default; browsers send about 20.
    std::size_t field_count_max = 100;
    /// Each holds about 30 KiB: 120 MiB together.
    std::size_t connection_count_max = 4096;
};

}  // namespace sillage::server
