#include "server/cli/check.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <iostream>
#include <memory>
#include <utility>

#include "engine/base/json.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/invoked_files.hpp"

namespace sillage::server {
namespace {

struct CheckOptions {
    std::vector<std::string> files = {};
    bool json = false;
};

/// Every finding of each file on a line of standard output, or all as one JSON array. Status 0:
/// clean or warnings only; 1: errors. Source: language.md, 9 and 10.
int run_check(const CheckOptions& options) {
    std::vector<ReadFile> files;
    for (const std::string& path : options.files) {
        files.push_back({.path = path, .outcome = read_workflow_file(path)});
    }
    std::vector<Finding> findings;
    for (const ReadFile& file : files) {
        std::ranges::copy(file.outcome.findings, std::back_inserter(findings));
        std::ranges::copy(unknown_workflows(file, files), std::back_inserter(findings));
    }
    if (options.json) {
        std::cout << findings_json(findings) << '\n';
    } else {
        for (const Finding& finding : findings) {
            std::cout << to_string(finding) << '\n';
        }
    }
    return has_errors(findings) ? status_errors : 0;
}

}  // namespace

std::vector<Finding> check_file(const std::string& path) {
    return read_workflow_file(path).findings;
}

std::string findings_json(const std::vector<Finding>& findings) {
    boost::json::array array;
    for (const Finding& finding : findings) {
        boost::json::object object;
        object["file"] = finding.file;
        object["line"] = std::int64_t{finding.place.line};
        object["column"] = std::int64_t{finding.place.column};
        object["severity"] = finding.severity == Severity::error ? "error" : "warning";
        object["code"] = finding.code;
        object["message"] = finding.message;
        if (!finding.witness.empty()) {
            object["witness"] = finding.witness;
        }
        array.push_back(std::move(object));
    }
    return to_json_text(array);
}

void add_check(CLI::App& app, int& status) {
    const auto options = std::make_shared<CheckOptions>();
    CLI::App* check = app.add_subcommand("check", "find what is wrong with workflow files");
    check->add_option("FILE", options->files, "workflow files, YAML, JSON or SCXML")->required();
    check->add_flag("--json", options->json, "one JSON array instead of lines");
    check->callback([options, &status] { status = run_check(*options); });
}

}  // namespace sillage::server
