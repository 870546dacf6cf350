// Runs the translated suites: conformance SUITE-FOLDER SCORE-FILE [TEST-ID…]
// Every test is made three ways: straight; saved to a store, in memory and SQLite alike, and loaded
// again; replayed from the log, with equal steps. It prints what failed and the score, which also
// goes to SCORE-FILE. Exit status: 0 all passed, 1 not, 2 usage. With ids: those tests alone.

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>

#include "engine/store/memory/memory_store.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/conformance/compare.hpp"
#include "tests/conformance/document.hpp"
#include "tests/conformance/judge.hpp"
#include "tests/conformance/stored_journey.hpp"

namespace {

using namespace sillage;
using namespace sillage::test;

constexpr std::array way_names = {"straight", "saved and loaded", "replayed"};

/// What came of a test, by way.
using Outcome = std::array<Result<void>, way_names.size()>;

Result<void> both(const Result<void>& one, const Result<void>& other) { return one ? other : one; }

/// What one way makes is compared with.
struct Straight {
    const ConformanceTest& test;
    const Definition& definition;
    const Steps& steps;
};

/// Makes the test in the store. The first result is of the journey, the second of its replay.
std::pair<Result<void>, Result<void>> made_in(Store& store, const Straight& straight) {
    StoredJourney journey(store, straight.definition.source);
    const Result<void> judged = judge(journey, straight.test);
    Result<Steps> replayed = journey.replay();
    const Result<void> equal = replayed ? check_equal(straight.steps, replayed.value())
                                        : Result<void>(std::move(replayed).error());
    return {judged, both(judged, equal)};
}

/// `data` is emptied for every test.
Outcome outcome_of(const ConformanceTest& test, const std::filesystem::path& data) {
    auto definition = read_document(test.file);
    if (!definition) {
        const Result<void> unread = std::move(definition).error();
        return {unread, unread, unread};
    }
    StraightJourney journey(definition.value());
    const Result<void> judged = judge(journey, test);
    const Straight straight{test, *definition.value(), journey.steps()};

    MemoryStore memory;
    const auto [in_memory, from_memory] = made_in(memory, straight);
    std::filesystem::remove_all(data);
    auto sqlite = SqliteStore::open({.folder = data});
    if (!sqlite) {
        const Result<void> closed = std::move(sqlite).error();
        return {judged, closed, closed};
    }
    const auto [on_disk, from_disk] = made_in(*sqlite.value(), straight);
    const Result<void> reloaded = check_saved(straight.steps);
    return {judged, both(reloaded, both(in_memory, on_disk)), both(from_memory, from_disk)};
}

/// Counts of one suite.
struct Score {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t excluded = 0;
    std::size_t mandatory_passed = 0;
    std::size_t mandatory = 0;
    std::array<std::size_t, way_names.size()> by_way = {};
};

/// Runs one test and tells what failed.
void run(const ConformanceTest& test, const std::filesystem::path& data, Score& score) {
    const Outcome outcome = outcome_of(test, data);
    bool passed = true;
    for (std::size_t way = 0; way < outcome.size(); ++way) {
        score.by_way[way] += outcome[way] ? 1U : 0U;
        if (!outcome[way]) {
            std::cout << test.id << " " << way_names[way] << ": " << outcome[way].error().message
                      << "\n";
            passed = false;
        }
    }
    ++(passed ? score.passed : score.failed);
    score.mandatory_passed += passed && test.is_mandatory ? 1U : 0U;
}

/// What is asked of the program.
struct Request {
    Suite suite = {};
    /// Where stores are kept.
    std::filesystem::path data = {};
    /// Ids; empty: all.
    std::vector<std::string> ids = {};
};

Score score_of(const Request& request, const std::string& name) {
    Score score;
    for (const ConformanceTest& test : request.suite.tests) {
        const bool asked =
            request.ids.empty() || std::ranges::find(request.ids, test.id) != request.ids.end();
        if (asked && test.suite == name) {
            run(test, request.data, score);
            score.mandatory += test.is_mandatory ? 1U : 0U;
        }
    }
    for (const ConformanceTest& test : request.suite.excluded) {
        score.excluded += test.suite == name ? 1U : 0U;
        score.mandatory += test.suite == name && test.is_mandatory ? 1U : 0U;
    }
    return score;
}

/// Ex. `conformance: SCION: 118 passed, 0 failed, 9 excluded, 127 in all; straight 118, …`.
std::string line_of(std::string_view title, const Score& score) {
    std::string line = fmt::format("conformance: {}: {} passed, {} failed, {} excluded, {} in all",
                                   title, score.passed, score.failed, score.excluded,
                                   score.passed + score.failed + score.excluded);
    for (std::size_t way = 0; way < score.by_way.size(); ++way) {
        line += fmt::format("{}{} {}", way == 0 ? "; " : ", ", way_names[way], score.by_way[way]);
    }
    if (score.mandatory > 0) {
        line += fmt::format("; of {} mandatory automatic {} passed", score.mandatory,
                            score.mandatory_passed);
    }
    return line;
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.size() < 2) {
        std::cerr << "usage: conformance SUITE-FOLDER SCORE-FILE [TEST-ID…]\n";
        return 2;
    }
    const std::filesystem::path folder = arguments[0];
    auto suite = read_suite(folder);
    if (!suite) {
        std::cerr << suite.error().message << "\n";
        return 1;
    }
    const Request request{.suite = std::move(suite).value(),
                          .data = folder / "data",
                          .ids = {arguments.begin() + 2, arguments.end()}};
    const Score w3c = score_of(request, "w3c");
    const Score scion = score_of(request, "scion");
    const std::string told = line_of("W3C", w3c) + "\n" + line_of("SCION", scion) + "\n";
    std::cout << told;
    std::ofstream(arguments[1]) << told;
    const bool ran = w3c.passed + scion.passed > 0;
    return ran && w3c.failed + scion.failed == 0 ? 0 : 1;
}
