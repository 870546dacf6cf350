#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "server/cli/commands.hpp"
#include "server/cli/workflow_file.hpp"

namespace sillage::server {
namespace {

int expand(const std::string& file) {
    const auto definition = open_workflow_file(file);
    if (!definition) {
        return status_errors;
    }
    const std::string text = workflow_text(*definition);
    std::cout << text;
    if (text.size() > definition_bytes_max) {
        std::cerr << file << ": written out it has " << text.size() << " bytes; a workflow file "
                  << "has at most " << definition_bytes_max << ".\n";
    }
    return 0;
}

}  // namespace

void add_expand(CLI::App& app, int& status) {
    auto file = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("expand", "print a workflow with all sugar written out");
    command->add_option("FILE", *file, "the workflow")->required();
    command->callback([file, &status] { status = expand(*file); });
}

}  // namespace sillage::server
