#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "server/http/limits.hpp"
#include "server/http/message.hpp"

// The gate in front of Beast. Beast 1.81 takes framings on which two programs in a row may disagree
// (request smuggling), and hides some of them once it has parsed; so the raw head is judged here,
// before Beast sees it. Pure: bytes in, a head or a refusal out. Source: RFC 9110, RFC 9112.

namespace sillage::server {

/// Why a head is not taken: the kind of problem and its detail. The connection must be closed.
struct Refusal {
    std::string_view problem;  ///< a code of `problems()`. Ex. `bad-request`
    std::string detail;

    bool operator==(const Refusal&) const = default;
};

/// How the end of a body is found.
enum class Framing { none, length, chunked };

/// A head that can be read in one way only.
struct Head {
    std::string method;  ///< as sent: a token
    std::string target;  ///< as sent: visible ASCII without `#`
    Headers headers;
    Framing framing = Framing::none;
    std::uint64_t content_length = 0;  ///< bytes; for Framing::length
    bool keeps_alive = true;           ///< HTTP/1.1 without `Connection: close`
    bool expects_continue = false;     ///< `Expect: 100-continue`

    bool operator==(const Head&) const = default;
};

/// Where the head at the start of `bytes` ends: its length with the empty line, 0 when more bytes
/// are needed, or a refusal as soon as no continuation could mend it: a CR without LF, an LF
/// without CR, a NUL, an empty first line, a target or a head above its limit.
[[nodiscard]] std::variant<std::size_t, Refusal> find_head_end(std::string_view bytes,
                                                               const Limits& limits);

/// Reads one head, of the length that find_head_end gave. Refused (400 if not said otherwise): a
/// request line of other than three parts, a control or 8-bit character in the target, a version
/// other than 1.0 and 1.1 (505), a folded line, a name that is no token, a control character or bad
/// UTF-8 in a value, no or several Host, a Host that is none or differs from an absolute target's,
/// several, listed or non-decimal Content-Length, a Transfer-Encoding that is not the single word
/// `chunked`, one on HTTP/1.0 or beside Content-Length, more fields than allowed (431), a body with
/// Content-Encoding (415), one longer than allowed (413), an unknown expectation (417).
[[nodiscard]] std::variant<Head, Refusal> read_head(std::string_view bytes, const Limits& limits);

}  // namespace sillage::server
