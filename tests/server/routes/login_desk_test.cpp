#include "server/routes/login_desk.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/ok.hpp"

namespace sillage::server {

TEST_SUITE("routes/login_desk") {
    TEST_CASE("TM9: an address that had its links is passed over without a word") {
        LoginDesk desk;
        std::vector<std::string> mailed;
        desk.mail_link = [&](const std::string& email) { mailed.push_back(email); };

        for (std::int64_t count = 0; count < links_per_address.requests + 3; ++count) {
            test::ok(desk.ask_for_link("192.0.2.1", "Ana@Example.org"));
        }

        CHECK(mailed ==
              std::vector<std::string>(static_cast<std::size_t>(links_per_address.requests),
                                       "ana@example.org"));
    }

    TEST_CASE("who asks for too many links is told to wait, others are not") {
        LoginDesk desk;
        for (std::int64_t count = 0; count < links_per_peer.requests; ++count) {
            test::ok(desk.ask_for_link("192.0.2.1", "ana@example.org"));
        }

        CHECK(test::error_of(desk.ask_for_link("192.0.2.1", "bob@example.org")).code ==
              ErrorCode::too_many_requests);
        test::ok(desk.ask_for_link("192.0.2.2", "bob@example.org"));
    }
}

}  // namespace sillage::server
