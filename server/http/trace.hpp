#pragma once

#include <string_view>

#include "server/http/message.hpp"

namespace sillage::server {

/// The `traceparent` that a request brings; empty when it has none, or one that is not as it has to
/// be: then nothing is traced. Lives as long as the headers.
/// Source: W3C Trace Context, 3.2.
[[nodiscard]] std::string_view trace_of(const Headers& headers);

/// The trace's id in a traceparent: 32 hexadecimal digits; empty without one.
[[nodiscard]] std::string_view trace_id(std::string_view traceparent);

}  // namespace sillage::server
