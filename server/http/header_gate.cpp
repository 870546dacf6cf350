#include "server/http/header_gate.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "server/http/text.hpp"

namespace sillage::server {

namespace {

/// The longest registered method (UPDATEREDIRECTREF) has 17 characters.
constexpr std::size_t method_bytes_max = 32;

using Verdict = std::optional<Refusal>;

Refusal bad(std::string detail) { return Refusal{"bad-request", std::move(detail)}; }

bool is_visible_ascii(char c) { return c > ' ' && c < '\x7f'; }

bool is_value_character(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20U && c != '\x7f');
}

bool is_host_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._~%!$&'()*+;=:[]").find(c) != std::string_view::npos;
}

/// The first line without its end, also when the end has not arrived.
std::string_view first_line(std::string_view bytes) { return bytes.substr(0, bytes.find('\r')); }

Verdict check_first_line_length(std::string_view bytes, const Limits& limits) {
    const std::string_view line = first_line(bytes);
    const std::size_t target_begin = line.find(' ');
    if (target_begin == std::string_view::npos) {
        return line.size() > method_bytes_max ? Verdict(bad("The method is too long."))
                                              : std::nullopt;
    }
    const std::string_view rest = line.substr(target_begin + 1);
    if (rest.substr(0, rest.find(' ')).size() > limits.target_bytes_max) {
        return Refusal{"uri-too-long", "The request target may have " +
                                           std::to_string(limits.target_bytes_max) + " bytes."};
    }
    return std::nullopt;
}

Refusal head_too_large(const Limits& limits) {
    return Refusal{"headers-too-large", "Request line and header fields may have " +
                                            std::to_string(limits.head_bytes_max) + " bytes and " +
                                            std::to_string(limits.field_count_max) + " fields."};
}

Verdict read_request_line(std::string_view line, Head& head) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return bad("The request line must be a method, a target and a version.");
    }
    head.method = std::string(line.substr(0, first));
    head.target = std::string(line.substr(first + 1, last - first - 1));
    const std::string_view version = line.substr(last + 1);
    if (!is_token(head.method) || head.method.size() > method_bytes_max) {
        return bad("The method is not a token.");
    }
    if (head.target.empty() || !std::ranges::all_of(head.target, is_visible_ascii) ||
        head.target.find('#') != std::string::npos) {
        return bad("The request target must be visible ASCII without a fragment.");
    }
    if (version == "HTTP/1.1" || version == "HTTP/1.0") {
        head.keeps_alive = version == "HTTP/1.1";
        return std::nullopt;
    }
    const bool is_version = version.size() == 8 && version.starts_with("HTTP/") &&
                            version[6] == '.' && version[5] >= '0' && version[5] <= '9' &&
                            version[7] >= '0' && version[7] <= '9';
    return is_version ? Refusal{"version", "This server speaks HTTP/1.1 and HTTP/1.0."}
                      : bad("The request line does not end in an HTTP version.");
}

Verdict read_field(std::string_view line, Head& head) {
    if (line.starts_with(' ') || line.starts_with('\t')) {
        return bad("A header field may not be folded over several lines.");
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return bad("A header field must be a name, a colon and a value.");
    }
    const std::string_view value = line.substr(colon + 1);
    if (!std::ranges::all_of(value, is_value_character) || !is_utf8(value)) {
        return bad("A header field's value may not hold control characters or bad UTF-8.");
    }
    head.headers.add(std::string(line.substr(0, colon)), std::string(trim(value)));
    return std::nullopt;
}

std::vector<std::string_view> values_of(const Head& head, std::string_view name) {
    std::vector<std::string_view> values;
    for (const Field& field : head.headers.fields()) {
        if (equals_ignoring_case(field.name, name)) {
            values.push_back(field.value);
        }
    }
    return values;
}

/// The authority of an absolute target, or nothing for the other forms.
std::optional<std::string_view> authority_of(std::string_view target) {
    const std::size_t scheme_end = target.find("://");
    if (target.starts_with('/') || scheme_end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = target.substr(scheme_end + 3);
    return rest.substr(0, rest.find_first_of("/?"));
}

Verdict check_host(const Head& head) {
    const auto hosts = values_of(head, "Host");
    if (hosts.size() != 1) {
        return bad("A request must have exactly one Host field.");
    }
    if (hosts[0].empty() || !std::ranges::all_of(hosts[0], is_host_character)) {
        return bad("The Host field must be a host name, with a port if need be.");
    }
    const auto authority = authority_of(head.target);
    if (authority && !equals_ignoring_case(*authority, hosts[0])) {
        return bad("The Host field and the request target name different hosts.");
    }
    return std::nullopt;
}

Verdict read_content_length(std::string_view value, const Limits& limits, Head& head) {
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), head.content_length);
    if (value.empty() || value[0] < '0' || value[0] > '9' || error != std::errc() ||
        end != value.data() + value.size()) {
        return bad("Content-Length must be one decimal number.");
    }
    if (head.content_length > limits.body_bytes_max) {
        return Refusal{"too-large",
                       "A body may have " + std::to_string(limits.body_bytes_max) + " bytes."};
    }
    head.framing = Framing::length;
    return std::nullopt;
}

Verdict read_framing(const Limits& limits, bool is_http_1_0, Head& head) {
    const auto encodings = values_of(head, "Transfer-Encoding");
    const auto lengths = values_of(head, "Content-Length");
    if (encodings.size() + lengths.size() > 1) {
        return bad("A request may have one Content-Length or one Transfer-Encoding, not several.");
    }
    if (!lengths.empty()) {
        return read_content_length(lengths[0], limits, head);
    }
    if (encodings.empty()) {
        return std::nullopt;
    }
    if (is_http_1_0 || !equals_ignoring_case(encodings[0], "chunked")) {
        return bad("The only Transfer-Encoding taken is chunked, on HTTP/1.1.");
    }
    head.framing = Framing::chunked;
    return std::nullopt;
}

Verdict read_expectation(Head& head) {
    for (const std::string_view value : values_of(head, "Expect")) {
        if (!equals_ignoring_case(value, "100-continue")) {
            return Refusal{"expectation", "The only expectation known is 100-continue."};
        }
        head.expects_continue = head.keeps_alive && head.framing != Framing::none;
    }
    return std::nullopt;
}

/// Of two, a proxy in front may have judged the other one.
Verdict check_single_fields(const Head& head) {
    for (const std::string_view name : {"Authorization", "Content-Type", "Idempotency-Key"}) {
        if (values_of(head, name).size() > 1) {
            return bad("A request may have one " + std::string(name) + " field.");
        }
    }
    return std::nullopt;
}

Verdict check_content_encoding(const Head& head) {
    for (const std::string_view value : values_of(head, "Content-Encoding")) {
        if (!equals_ignoring_case(value, "identity")) {
            return Refusal{"media-type", "Bodies are taken without Content-Encoding only."};
        }
    }
    return std::nullopt;
}

void read_connection_options(Head& head) {
    for (const std::string_view value : values_of(head, "Connection")) {
        for (const std::string_view option : split(value, ',')) {
            head.keeps_alive = head.keeps_alive && !equals_ignoring_case(option, "close");
        }
    }
}

}  // namespace

std::variant<std::size_t, Refusal> find_head_end(std::string_view bytes, const Limits& limits) {
    if (bytes.starts_with('\r')) {
        return bad("A request may not begin with an empty line.");
    }
    if (auto refusal = check_first_line_length(bytes, limits)) {
        return *std::move(refusal);
    }
    for (std::size_t index = bytes.find_first_of(std::string_view("\r\n\0", 3));
         index < bytes.size();
         index = bytes.find_first_of(std::string_view("\r\n\0", 3), index + 2)) {
        if (bytes[index] != '\r' || (index + 1 < bytes.size() && bytes[index + 1] != '\n')) {
            return bad("Lines must end in CR LF, and NUL may not occur.");
        }
        if (index > limits.head_bytes_max) {
            break;
        }
        if (bytes.substr(index, 4) == "\r\n\r\n") {
            return index + 4 > limits.head_bytes_max
                       ? std::variant<std::size_t, Refusal>(head_too_large(limits))
                       : index + 4;
        }
    }
    if (bytes.size() > limits.head_bytes_max) {
        return head_too_large(limits);
    }
    return std::size_t{0};
}

std::variant<Head, Refusal> read_head(std::string_view bytes, const Limits& limits) {
    Head head;
    std::vector<std::string_view> lines;
    for (std::size_t end = bytes.find("\r\n"); end != std::string_view::npos && end > 0;
         end = bytes.find("\r\n")) {
        lines.push_back(bytes.substr(0, end));
        bytes.remove_prefix(end + 2);
    }
    if (lines.empty() || bytes != "\r\n") {
        return bad("The head of the request does not end in an empty line.");
    }
    if (lines.size() > limits.field_count_max + 1) {
        return head_too_large(limits);
    }
    Verdict refusal = read_request_line(lines[0], head);
    for (std::size_t index = 1; !refusal && index < lines.size(); ++index) {
        refusal = read_field(lines[index], head);
    }
    const bool is_http_1_0 = !head.keeps_alive;
    if (refusal || (refusal = check_host(head)) ||
        (refusal = read_framing(limits, is_http_1_0, head)) || (refusal = read_expectation(head)) ||
        (refusal = check_content_encoding(head)) || (refusal = check_single_fields(head))) {
        return *std::move(refusal);
    }
    read_connection_options(head);
    return head;
}

}  // namespace sillage::server
