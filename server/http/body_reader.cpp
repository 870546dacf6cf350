#include "server/http/body_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

namespace sillage::server {

namespace http = boost::beast::http;

namespace {

/// Unfinished bytes Beast may leave lying: one chunk's size line or the trailers. No honest client
/// sends either at this length.
constexpr std::size_t leftover_bytes_max = 4096;

}  // namespace

struct BodyReader::Parser {
    http::request_parser<http::string_body> request;
    State state = State::incomplete;

    State fail(const boost::system::error_code& error) {
        state = error == http::error::body_limit ? State::too_large : State::malformed;
        return state;
    }
};

BodyReader::BodyReader(std::string_view head, const Limits& limits)
    : parser_(std::make_unique<Parser>()) {
    parser_->request.header_limit(static_cast<std::uint32_t>(limits.head_bytes_max) + 1);
    parser_->request.body_limit(limits.body_bytes_max);
    parser_->request.eager(true);
    boost::system::error_code error;
    parser_->request.put(boost::asio::buffer(head.data(), head.size()), error);
    if (error && error != http::error::need_more) {
        parser_->fail(error);
    } else if (!parser_->request.is_header_done()) {
        parser_->state = State::malformed;
    }
}

BodyReader::~BodyReader() = default;

BodyReader::State BodyReader::take(std::string_view& bytes) {
    Parser& parser = *parser_;
    while (parser.state == State::incomplete && !parser.request.is_done()) {
        boost::system::error_code error;
        const std::size_t used =
            bytes.empty()
                ? 0
                : parser.request.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
        bytes.remove_prefix(used);
        if (error && error != http::error::need_more) {
            return parser.fail(error);
        }
        if (used == 0 && bytes.size() > leftover_bytes_max) {
            return parser.state = State::malformed;
        }
        if (used == 0 || error == http::error::need_more) {
            break;
        }
    }
    if (parser.state == State::incomplete && parser.request.is_done()) {
        parser.state = State::complete;
    }
    return parser.state;
}

std::string BodyReader::release() { return std::move(parser_->request.get().body()); }

}  // namespace sillage::server
