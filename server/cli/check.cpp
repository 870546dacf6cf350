#include "server/cli/check.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/yaml/read.hpp"
#include "server/cli/commands.hpp"

namespace sillage::server {
namespace {

/// The file, or its first bytes when it is larger than any workflow may be.
std::optional<std::string> read_bounded(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(definition_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (!file && !file.eof())) {
        return std::nullopt;
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

struct CheckOptions {
    std::vector<std::string> files = {};
    bool json = false;
};

/// Every finding of each file on a line of standard output, or all as one JSON array. Status 0:
/// clean or warnings only; 1: errors. Source: language.md, 9 and 10.
int run_check(const CheckOptions& options) {
    std::vector<Finding> findings;
    for (const std::string& path : options.files) {
        auto of_file = check_file(path);
        findings.insert(findings.end(), std::make_move_iterator(of_file.begin()),
                        std::make_move_iterator(of_file.end()));
    }
    if (options.json) {
        std::cout << findings_json(findings) << '\n';
    } else {
        for (const Finding& finding : findings) {
            std::cout << to_string(finding) << '\n';
        }
    }
    return has_errors(findings) ? 1 : 0;
}

}  // namespace

std::vector<Finding> check_file(const std::string& path) {
    const auto text = read_bounded(path);
    if (!text) {
        return {{.file = path,
                 .place = {1, 1},
                 .severity = Severity::error,
                 .code = "unreadable",
                 .message = "this file cannot be opened or read"}};
    }
    return read_definition(*text, path).findings;
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
    check->add_option("FILE", options->files, "workflow files, YAML or JSON")->required();
    check->add_flag("--json", options->json, "one JSON array instead of lines");
    check->callback([options, &status] { status = run_check(*options); });
}

}  // namespace sillage::server
