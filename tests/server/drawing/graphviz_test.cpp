#include "server/drawing/graphviz.hpp"

#include <filesystem>
#include <fstream>

#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {
namespace {

using namespace std::chrono_literals;

/// A program that does these lines of shell instead of laying anything out.
class Program {
  public:
    explicit Program(const std::string& lines) : path_((folder_.path() / "dot").string()) {
        std::ofstream(path_) << "#!/bin/sh\n" << lines << "\n";
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    }
    [[nodiscard]] LayoutCall call() const { return {.program = path_}; }

  private:
    test::TemporaryFolder folder_;
    std::string path_;
};

TEST_SUITE_BEGIN("drawing/graphviz");

TEST_CASE("a graph is laid out as SVG") {
    const std::string svg = test::ok(lay_out("digraph { a -> b [label=\"é\"] }"));

    CHECK(svg.starts_with("<?xml"));
    CHECK(svg.find("</svg>") != std::string::npos);
}

TEST_CASE("a graph and an answer larger than any channel holds go through") {
    const Program program("cat");
    const std::string graph(4U * 1024U * 1024U, 'x');

    CHECK(test::ok(lay_out(graph, program.call())) == graph);
}

TEST_CASE("a missing program is named, with where to get it") {
    const Error error = test::error_of(lay_out("digraph {}", {.program = "no-such-dot"}));

    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.message.find("\"no-such-dot\"") != std::string::npos);
    CHECK(error.message.find("graphviz") != std::string::npos);
}

TEST_CASE("a program that fails is quoted") {
    const Program program("cat >/dev/null; echo 'no such shape' >&2; exit 3");

    CHECK(test::error_of(lay_out("digraph {}", program.call())).message.find("no such shape") !=
          std::string::npos);
}

TEST_CASE("a program that reads nothing does not end ours") {
    const Program program("exec true");

    CHECK(test::ok(lay_out(std::string(4U * 1024U * 1024U, 'x'), program.call())).empty());
}

TEST_CASE("a program that takes too long is stopped") {
    const Program silent("exec sleep 600");
    const Program closed("exec >&- 2>&- <&-; exec sleep 600");
    for (LayoutCall call : {silent.call(), closed.call()}) {
        call.time_max = 200ms;
        const auto begin = std::chrono::steady_clock::now();

        CHECK(test::error_of(lay_out("digraph {}", call)).code == ErrorCode::limit_exceeded);
        CHECK(std::chrono::steady_clock::now() - begin < 60s);
    }
}

TEST_CASE("a program that says too much is stopped") {
    const Program program("exec yes");
    LayoutCall call = program.call();
    call.output_bytes_max = 100'000;

    CHECK(test::error_of(lay_out("digraph {}", call)).code == ErrorCode::limit_exceeded);
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage::server
