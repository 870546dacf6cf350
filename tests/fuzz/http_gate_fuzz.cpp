// The head of a request: what the gate takes can be read in one way only.
#include "server/http/header_gate.hpp"

#include <algorithm>

#include "tests/fuzz/driver.hpp"

namespace sillage::test {
namespace {

using server::Framing;
using server::Head;
using server::Refusal;

void must_refuse_well(const Refusal& refusal) {
    must(!refusal.problem.empty() && !refusal.detail.empty(), "a refusal says what and why");
}

/// The properties that keep two programs in a row from disagreeing about a request.
void must_be_unambiguous(const Head& head, std::string_view bytes) {
    const auto visible = [](char c) { return c > ' ' && c < 127; };
    must(!head.method.empty(), "there is a method");
    must(std::all_of(head.target.begin(), head.target.end(), visible), "the target is visible");
    must(head.framing == Framing::length || head.content_length == 0, "only a length has a length");
    must(bytes.find('\0') == std::string_view::npos, "no head has a NUL");
    must(
        bytes.find("\n ") == std::string_view::npos && bytes.find("\n\t") == std::string_view::npos,
        "no line is folded");
}

void read_request(std::string_view input) {
    const server::Limits limits;
    const auto end = server::find_head_end(input, limits);
    if (const auto* refusal = std::get_if<Refusal>(&end)) {
        must_refuse_well(*refusal);
        return;
    }
    const std::size_t size = std::get<std::size_t>(end);
    must(size <= input.size() && size <= limits.head_bytes_max, "a head ends within its limits");
    if (size == 0) {
        must(input.size() <= limits.head_bytes_max, "no head is waited for beyond its limit");
        return;
    }
    const std::string_view bytes = input.substr(0, size);
    const auto head = server::read_head(bytes, limits);
    if (const auto* refusal = std::get_if<Refusal>(&head)) {
        must_refuse_well(*refusal);
    } else {
        must_be_unambiguous(std::get<Head>(head), bytes);
    }
}

}  // namespace

FuzzTarget fuzz_target() {
    constexpr std::size_t many = 10'000;
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
    return {
        .run = read_request,
        .words = {"\r\n",
                  "\r",
                  "\n",
                  "Host: a\r\n",
                  "Content-Length: 5\r\n",
                  "Content-Length: 5, 5\r\n",
                  "Transfer-Encoding: chunked\r\n",
                  "Transfer-Encoding: gzip\r\n",
                  "Transfer-Encoding: xchunked\r\n",
                  "HTTP/1.0",
                  "HTTP/1.1",
                  " ",
                  "\t",
                  ":",
                  "\x80",
                  "http://b/",
                  "Connection: close\r\n",
                  "Expect: 100-continue\r\n",
                  "Upgrade: h2c\r\n",
                  "+5",
                  "0x5",
                  "%00",
                  "*"},
        .bombs = {repeated("A", many), repeated("\r\n", many), start + repeated("a: b\r\n", many),
                  start + "a: " + repeated("b", 2 * many) + "\r\n\r\n",
                  "GET /" + repeated("a", many) + " HTTP/1.1\r\nHost: a\r\n\r\n"}};
}

}  // namespace sillage::test
