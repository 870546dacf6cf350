#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/http/header_gate.hpp"

namespace sillage::server {

/// Finds the end of a body behind a head that the gate let through. Beast's parser works in here,
/// without I/O: bytes in, a body out.
class BodyReader {
  public:
    enum class State { incomplete, complete, malformed, too_large };

    /// `head` is the text that `read_head` read.
    BodyReader(std::string_view head, const Limits& limits);
    ~BodyReader();
    BodyReader(const BodyReader&) = delete;
    BodyReader& operator=(const BodyReader&) = delete;

    /// Takes what it can use from the front of `bytes` and removes it; what is left belongs to the
    /// next request, or comes again with more behind it while the state is `incomplete`.
    State take(std::string_view& bytes);
    /// The body; once, when complete.
    std::string release();

  private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace sillage::server
