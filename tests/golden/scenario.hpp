#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/runtime/rehearsal.hpp"

namespace sillage::test {

/// A command of a scenario and what it is to print.
struct Scene {
    /// Comments and empty lines above it, kept as they are.
    std::vector<std::string> leading = {};
    std::string command = {};
    std::vector<std::string> expected = {};
};

/// A golden scenario: `tests/golden/*.txt` and `workflows/*.scenario.txt`. Its first line is
/// `# workflow: PATH`, relative to the file. A scene is a command, `----`, the lines it prints and
/// an empty line.
struct Scenario {
    std::string workflow = {};
    std::vector<Scene> scenes = {};
    /// Lines after the last scene.
    std::vector<std::string> trailing = {};
};

/// Errors: malformed, naming the line.
[[nodiscard]] Result<Scenario> read_scenario(const std::string& text);

/// The file again, with what the scenes expect.
[[nodiscard]] std::string write_scenario(const Scenario& scenario);

/// Finds what invokes name.
using Workflows = decltype(RehearsalSetup::workflows);

/// Finds `NAME.yaml` in the folder.
[[nodiscard]] Workflows workflows_in(const std::filesystem::path& folder);

/// Performs commands on one definition: `start [at=INSTANT] [company={…}] [cohort={…}]
/// [context={…}]` (again: a new instance), `send EVENT [by=a,b] [actor=id] [data={…}] [to=child]`,
/// `advance DURATION`, `explain EVENT [by=…] [actor=…] [data=…]`, `status [as=role] [lang=fr]`.
class Stage {
  public:
    explicit Stage(std::shared_ptr<const Definition> definition, Workflows workflows = {})
        : definition_(std::move(definition)), workflows_(std::move(workflows)) {}

    /// The lines that the command prints; a command that cannot be read is an error.
    [[nodiscard]] Result<std::vector<std::string>> perform(const std::string& command);

  private:
    std::shared_ptr<const Definition> definition_;
    Workflows workflows_;
    std::unique_ptr<Rehearsal> rehearsal_;
};

}  // namespace sillage::test
