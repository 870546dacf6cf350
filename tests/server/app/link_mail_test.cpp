#include "server/app/link_mail.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

namespace sillage::server {

TEST_SUITE("app/link_mail") {
    TEST_CASE("a mail has its link on a line of its own") {
        const Mail mail = link_mail("ana@a.example", "https://b.example/login/acc_1.x");

        CHECK(mail.to == "ana@a.example");
        CHECK(mail.text.find("\n\nhttps://b.example/login/acc_1.x\n\n") != std::string::npos);
        test::ok(message_text(mail, "sillage@b.example", "1", Instant{0}));
    }
}

}  // namespace sillage::server
