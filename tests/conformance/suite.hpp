#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"

namespace sillage::test {

/// An event from outside, and where the instance must stand after it.
struct ScriptedEvent {
    /// How much time passes before it.
    Duration after = {};
    std::string name = {};
    boost::json::value data = nullptr;
    /// Ids of the active atomic states, in any order.
    std::vector<std::string> next = {};
};

/// A document and what is expected of it.
struct ConformanceTest {
    /// Ex. `w3c/144`, `scion/basic/basic1`.
    std::string id = {};
    /// `w3c`: it must end in its state `pass`. `scion`: it must follow the script below.
    std::string suite = {};
    std::filesystem::path file = {};
    /// W3C: among those every processor must pass, and a program can judge.
    bool is_mandatory = false;
    std::vector<std::string> initial = {};
    std::vector<ScriptedEvent> events = {};
};

struct Suite {
    std::vector<ConformanceTest> tests = {};
    /// Those of tests/conformance/excluded.txt; they have no document.
    std::vector<ConformanceTest> excluded = {};
};

/// A whole file. Errors: not_found.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& path);

/// Reads what translate.py wrote. Errors: malformed, not_found.
[[nodiscard]] Result<Suite> read_suite(const std::filesystem::path& folder);

}  // namespace sillage::test
