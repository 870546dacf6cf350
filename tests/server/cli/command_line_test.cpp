#include <doctest/doctest.h>

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "server/cli/commands.hpp"

namespace sillage::server {

namespace {

struct Outcome {
    int status = 0;
    std::string output;
    std::string complaint;
};

/// What the program prints and ends with when it is called with these words.
Outcome outcome_of(std::vector<const char*> words) {
    words.insert(words.begin(), "sillage");
    std::ostringstream output;
    std::ostringstream complaint;
    std::streambuf* const out = std::cout.rdbuf(output.rdbuf());
    std::streambuf* const err = std::cerr.rdbuf(complaint.rdbuf());
    const int status = run_command_line(static_cast<int>(words.size()), words.data());
    std::cout.rdbuf(out);
    std::cerr.rdbuf(err);
    return {status, output.str(), complaint.str()};
}

}  // namespace

TEST_SUITE("cli/command_line") {
    TEST_CASE("no command at all is a mistake of usage") {
        const Outcome outcome = outcome_of({});
        CHECK(outcome.status == 2);
        CHECK_FALSE(outcome.complaint.empty());
    }

    TEST_CASE("help goes to standard output and is no mistake") {
        const Outcome outcome = outcome_of({"--help"});
        CHECK(outcome.status == 0);
        CHECK(outcome.output.find("Usage: sillage") != std::string::npos);
    }

    TEST_CASE("a command is called as one types it, in its help and in complaints") {
        CHECK(outcome_of({"check", "--help"}).output.find("Usage: sillage check") !=
              std::string::npos);
        CHECK(outcome_of({"check"}).complaint.find("Run \"sillage check --help\"") !=
              std::string::npos);
    }

    TEST_CASE("every command is told in a phrase: no capital, no full stop") {
        const std::string help = outcome_of({"--help"}).output;
        std::istringstream lines(help.substr(help.find("Subcommands:")));
        std::string line;
        std::getline(lines, line);
        int count = 0;
        while (std::getline(lines, line) && line.starts_with("  ")) {
            CAPTURE(line);
            const std::size_t name_end = line.find(' ', 2);
            const std::size_t phrase = line.find_first_not_of(' ', name_end);
            REQUIRE(phrase != std::string::npos);
            CHECK(line[phrase] >= 'a');
            CHECK(line[phrase] <= 'z');
            CHECK(!line.ends_with('.'));
            ++count;
        }
        CHECK(count > 10);
    }

    TEST_CASE("a misspelt command or option is told the nearest one") {
        CHECK(outcome_of({"serv"}).complaint.find("did you mean \"serve\"?") != std::string::npos);
        const Outcome outcome = outcome_of({"serve", "--lisen", "127.0.0.1:0"});
        CHECK(outcome.status == 2);
        CHECK(outcome.complaint.find("\"--lisen\"; did you mean \"--listen\"?") !=
              std::string::npos);
    }

    TEST_CASE("the version names SQLite's and whether it may corrupt what it keeps") {
        const Outcome outcome = outcome_of({"--version"});
        CHECK(outcome.status == 0);
        CHECK(outcome.output.starts_with("sillage "));
        CHECK(outcome.output.find("SQLite 3.") != std::string::npos);
        CHECK(outcome.output.find("affected: ") != std::string::npos);
    }

    TEST_CASE("an unknown command is named") {
        const Outcome outcome = outcome_of({"fly"});
        CHECK(outcome.status == 2);
        CHECK(outcome.complaint.find("There is no command \"fly\".") != std::string::npos);
    }
}

}  // namespace sillage::server
