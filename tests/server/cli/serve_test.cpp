#include <doctest/doctest.h>

#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "server/cli/commands.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

struct Refusal {
    int status = 0;
    std::string complaint;
};

/// How `sillage serve` with these words refuses to start.
Refusal refusal_of(std::vector<std::string> words) {
    words.insert(words.begin(), {"sillage", "serve"});
    std::vector<const char*> pointers;
    for (const std::string& word : words) {
        pointers.push_back(word.c_str());
    }
    std::ostringstream complaint;
    std::streambuf* const saved = std::cerr.rdbuf(complaint.rdbuf());
    const int status = run_command_line(static_cast<int>(pointers.size()), pointers.data());
    std::cerr.rdbuf(saved);
    return {status, complaint.str()};
}

}  // namespace

TEST_SUITE("cli/serve") {
    TEST_CASE("an address that others can reach is refused without TLS") {
        const Refusal refusal = refusal_of({"--listen", "0.0.0.0:0"});
        CHECK(refusal.status == 2);
        CHECK(refusal.complaint.find("--insecure-http") != std::string::npos);
    }

    TEST_CASE("a config file is read, and a flag wins over it") {
        const test::TemporaryFolder folder;
        const std::string config = folder.path() / "sillage.yaml";
        std::ofstream(config) << "listen: from-the-file\n";

        CHECK(refusal_of({"--config", config}).complaint.find("from-the-file") !=
              std::string::npos);
        CHECK(refusal_of({"--config", config, "--listen", "from-the-flag"})
                  .complaint.find("from-the-flag") != std::string::npos);
    }

    TEST_CASE("a config file with an unknown name is refused where it stands") {
        const test::TemporaryFolder folder;
        const std::string config = folder.path() / "sillage.yaml";
        std::ofstream(config) << "data: a\nlisen: b\n";

        const Refusal refusal = refusal_of({"--config", config});

        CHECK(refusal.status == 2);
        CHECK(refusal.complaint.find("sillage.yaml:2:1: ") != std::string::npos);
        CHECK(refusal.complaint.find("did you mean \"listen\"?") != std::string::npos);
    }

    TEST_CASE("a config file that is not there is named") {
        const Refusal refusal = refusal_of({"--config", "/nowhere/sillage.yaml"});
        CHECK(refusal.status == 2);
        CHECK(refusal.complaint.find("/nowhere/sillage.yaml") != std::string::npos);
    }
}

}  // namespace sillage::server
