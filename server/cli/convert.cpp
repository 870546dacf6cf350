#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/nearest.hpp"
#include "engine/formats/diagram.hpp"
#include "engine/formats/scxml_write.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/workflow_file.hpp"
#include "server/drawing/graphviz.hpp"

namespace sillage::server {
namespace {

struct Options {
    std::string file = {};
    std::string format = {};
    std::vector<std::string> active = {};
    std::string language = "en";
};

using Writer = Result<std::string> (*)(const Definition&, const DiagramOptions&);

struct Format {
    std::string_view name;
    Writer write;
};

Result<std::string> write_yaml(const Definition& definition, const DiagramOptions& /*options*/) {
    return workflow_text(definition);
}
Result<std::string> write_scxml(const Definition& definition, const DiagramOptions& /*options*/) {
    return to_scxml(definition);
}
Result<std::string> write_mermaid(const Definition& definition, const DiagramOptions& options) {
    return to_mermaid(definition, options);
}
Result<std::string> write_dot(const Definition& definition, const DiagramOptions& options) {
    return to_dot(definition, options);
}
Result<std::string> write_svg(const Definition& definition, const DiagramOptions& options) {
    return lay_out(to_dot(definition, options));
}

constexpr std::array<Format, 5> formats = {{{"yaml", write_yaml},
                                            {"scxml", write_scxml},
                                            {"mermaid", write_mermaid},
                                            {"dot", write_dot},
                                            {"svg", write_svg}}};

int complain(const std::string& message, int status) {
    std::cerr << message << "\n";
    return status;
}

int complain_of_format(const std::string& name) {
    std::vector<std::string_view> known;
    for (const Format& format : formats) {
        known.push_back(format.name);
    }
    const std::string near = nearest(name, std::span<const std::string_view>(known));
    return complain(
        "There is no format \"" + name + "\"" +
            (near.empty() ? "; there are yaml, scxml, mermaid, dot and svg." : did_you_mean(near)),
        status_usage);
}

int convert(const Options& options) {
    const auto* const format = std::ranges::find(formats, options.format, &Format::name);
    if (format == formats.end()) {
        return complain_of_format(options.format);
    }
    const auto definition = open_workflow_file(options.file);
    if (!definition) {
        return status_errors;
    }
    const auto active = find_states(*definition, options.active);
    if (!active) {
        return complain(active.error().message, status_usage);
    }
    const auto text =
        format->write(*definition, {.languages = {options.language}, .active = active.value()});
    if (!text) {
        return complain(text.error().message, status_errors);
    }
    std::cout << text.value();
    return 0;
}

}  // namespace

void add_convert(CLI::App& app, int& status) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("convert", "write a workflow in another format");
    command->add_option("FILE", options->file, "the workflow")->required();
    command->add_option("--to", options->format, "yaml, scxml, mermaid, dot or svg")->required();
    command->add_option("--active", options->active, "where an instance stands, shown in diagrams")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option("--lang", options->language, "the language of titles");
    command->callback([options, &status] { status = convert(*options); });
}

}  // namespace sillage::server
