#include "server/outward/mail.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

constexpr Instant new_year{1'798'761'600'000};
const std::string from = "sillage@b.example";

Result<std::string> text_to(const std::string& to) {
    return message_text({.to = to, .subject = "A link", .text = "a\nb\n"}, from, "01J", new_year);
}

}  // namespace

TEST_SUITE("outward/mail") {
    TEST_CASE("a mail is one of RFC 5322, its lines ended as SMTP wants") {
        CHECK(test::ok(text_to("ana@a.example")) ==
              "From: sillage@b.example\r\nTo: ana@a.example\r\nSubject: A link\r\n"
              "Date: Fri, 01 Jan 2027 00:00:00 +0000\r\nMessage-ID: <01J@b.example>\r\n"
              "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\r\n"
              "a\r\nb\r\n");
    }

    TEST_CASE("TM38: no address or subject begins another header or recipient") {
        for (const std::string to :
             {"", "ana", "@a.example", "ana@", "a@b@c", "ana@a.example\r\nBcc: eve@e.example",
              "ana@a.example\nX: y", "ana@a.example, eve@e.example", "Ana <ana@a.example>",
              "ana@a.example ", "<ana@a.example>", "-oQ/tmp@a.example", "ana\x7f@a.example",
              "ana;eve@a.example", "\"a b\"@a.example", "ana@a.ex\xc3\xa4mple"}) {
            CAPTURE(to);
            CHECK(test::error_of(text_to(to)).code == ErrorCode::invalid_argument);
        }
        CHECK(test::error_of(text_to("ana@" + std::string(1000, 'a'))).code ==
              ErrorCode::invalid_argument);
        for (const std::string subject : {"a\r\nBcc: eve@e.example", "a\nb", "a\rb", "é"}) {
            CAPTURE(subject);
            CHECK(
                test::error_of(message_text({.to = "a@b", .subject = subject}, from, "1", new_year))
                    .code == ErrorCode::invalid_argument);
        }
    }

    TEST_CASE("a CR in the text ends no line of its own") {
        const auto text = test::ok(message_text(
            {.to = "a@b", .subject = "s", .text = "x\r\n.\r\ny\r"}, from, "1", new_year));
        CHECK(text.ends_with("\r\n\r\nx\r\n.\r\ny"));
    }
}

}  // namespace sillage::server
