#include "server/app/neighbours.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

}  // namespace

TEST_SUITE("app/neighbours") {
    TEST_CASE("files beside a document and below are its neighbours") {
        const test::TemporaryFolder folder;
        std::filesystem::create_directory(folder.path() / "parts");
        write(folder.path() / "parts" / "a.txt", "inside");
        const Neighbours neighbours = neighbours_of((folder.path() / "main.scxml").string());

        CHECK(test::ok(neighbours("parts/a.txt")) == "inside");
        CHECK(test::error_of(neighbours("b.txt")).code == ErrorCode::not_found);
        CHECK(test::error_of(neighbours("parts")).code == ErrorCode::not_found);
    }

    TEST_CASE("nothing outside the folder is, by whatever way") {
        const test::TemporaryFolder folder;
        std::filesystem::create_directory(folder.path() / "inner");
        write(folder.path() / "secret.txt", "secret");
        std::filesystem::create_symlink(folder.path() / "secret.txt",
                                        folder.path() / "inner" / "link.txt");
        const Neighbours neighbours =
            neighbours_of((folder.path() / "inner" / "main.scxml").string());

        for (const std::string& path : {std::string("../secret.txt"), std::string("link.txt"),
                                        (folder.path() / "secret.txt").string()}) {
            CAPTURE(path);
            CHECK(test::error_of(neighbours(path)).code == ErrorCode::not_found);
        }
    }
}

}  // namespace sillage::server
