#include "server/http/local_address.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

TEST_SUITE("http/local_address") {
    TEST_CASE("a short path is the address itself") {
        const test::TemporaryFolder folder;
        const LocalAddress address = test::ok(LocalAddress::in(folder.path(), "a.sock"));

        CHECK(address.path() == (folder.path() / "a.sock").string());
    }

    TEST_CASE("a path longer than any address is reached through the folder") {
        const test::TemporaryFolder folder;
        const auto deep = folder.path() / std::string(150, 'd');
        std::filesystem::create_directory(deep);
        const LocalAddress address = test::ok(LocalAddress::in(deep, "a.sock"));

        CHECK(address.path().size() < 108);
        CHECK(
            std::filesystem::equivalent(std::filesystem::path(address.path()).parent_path(), deep));
    }

    TEST_CASE("a socket in a folder that is not there is refused by its name") {
        CHECK(test::error_of(LocalAddress::in("/nowhere", "a.sock")).message.find("/nowhere") !=
              std::string::npos);
    }
}

}  // namespace sillage::server
