#include "server/drawing/layouts.hpp"

#include <filesystem>
#include <fstream>

#include "tests/support/await.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using namespace sillage::server;

namespace {

/// A program that notes each call, and gives back what it was given.
struct Copier {
    test::TemporaryFolder folder;
    std::filesystem::path notes = folder.path() / "notes";
    std::string path = (folder.path() / "dot").string();

    Copier() {
        std::ofstream(path) << "#!/bin/sh\necho x >> " << notes.string() << "\nexec cat\n";
        std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    }
    [[nodiscard]] std::uintmax_t calls() const { return std::filesystem::file_size(notes) / 2; }
};

}  // namespace

TEST_SUITE("drawing/layouts") {
    TEST_CASE("a picture is drawn once and remembered") {
        const Copier copier;
        Layouts layouts({.program = copier.path});

        const auto first = test::ok(test::await(layouts.svg("digraph { a }")));
        const auto again = test::ok(test::await(layouts.svg("digraph { a }")));
        const auto other = test::ok(test::await(layouts.svg("digraph { b }")));

        CHECK(*first == "digraph { a }");
        CHECK(again == first);
        CHECK(*other == "digraph { b }");
        CHECK(copier.calls() == 2);
    }

    TEST_CASE("pictures that nobody has asked for in a while are forgotten") {
        const Copier copier;
        Layouts layouts({.program = copier.path});

        for (std::size_t number = 0; number <= pictures_max; ++number) {
            CHECK(test::await(layouts.svg(std::to_string(number))).has_value());
        }
        CHECK(test::await(layouts.svg("0")).has_value());

        CHECK(copier.calls() == pictures_max + 2);
    }

    TEST_CASE("without the program there is no picture") {
        Layouts layouts({.program = "no-such-dot"});

        CHECK(test::error_of(test::await(layouts.svg("digraph {}"))).code ==
              ErrorCode::unavailable);
    }
}
