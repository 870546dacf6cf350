#include "server/http/body_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace sillage::server {

namespace {

using State = BodyReader::State;

const std::string head_start = "POST / HTTP/1.1\r\nHost: a\r\n";
const std::string chunked = head_start + "Transfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_SUITE("http/body_reader") {
    TEST_CASE("a body of a given length ends there and leaves the next request alone") {
        BodyReader reader(head_start + "Content-Length: 5\r\n\r\n", Limits{});
        std::string_view bytes = "helloGET /";

        CHECK(reader.take(bytes) == State::complete);
        CHECK(reader.release() == "hello");
        CHECK(bytes == "GET /");
    }

    TEST_CASE("an empty body is complete at once") {
        BodyReader reader(head_start + "Content-Length: 0\r\n\r\n", Limits{});
        std::string_view bytes;

        CHECK(reader.take(bytes) == State::complete);
        CHECK(reader.release().empty());
    }

    TEST_CASE("chunks are joined, whatever pieces they arrive in") {
        const std::string body = "5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\nGET /";
        for (std::size_t piece = 1; piece <= body.size(); ++piece) {
            CAPTURE(piece);
            BodyReader reader(chunked, Limits{});
            std::string inbox;
            State state = State::incomplete;
            for (std::size_t at = 0; at < body.size(); at += piece) {
                inbox += body.substr(at, piece);
                std::string_view bytes = inbox;
                state = reader.take(bytes);
                inbox.erase(0, inbox.size() - bytes.size());
            }

            CHECK(state == State::complete);
            CHECK(reader.release() == "hello world");
            CHECK(inbox == "GET /");
        }
    }

    TEST_CASE("chunks together may not pass the limit") {
        BodyReader reader(chunked, Limits{.body_bytes_max = 8});
        std::string_view bytes = "5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n";

        CHECK(reader.take(bytes) == State::too_large);
    }

    TEST_CASE("a chunk's size line without end is not waited for for ever") {
        BodyReader reader(chunked, Limits{});
        const std::string endless = "5;" + std::string(8192, 'a');
        std::string_view bytes = endless;

        CHECK(reader.take(bytes) == State::malformed);
    }
}

}  // namespace sillage::server
