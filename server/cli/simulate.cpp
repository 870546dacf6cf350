#include "server/cli/simulate.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "engine/base/json.hpp"
#include "engine/calendar/calendar.hpp"
#include "engine/interpreter/status.hpp"
#include "engine/interpreter/story.hpp"
#include "engine/runtime/columns.hpp"
#include "server/cli/invoked_files.hpp"
#include "server/cli/simulation_lines.hpp"

namespace sillage::server {
namespace {

/// The words of the command line.
struct Options {
    std::string file = {};
    std::vector<std::string> events = {};
    std::vector<std::string> roles = {};
    std::string at = "2027-01-01T00:00:00.000Z";
    std::string context = "{}";
    std::string company = "{}";
    std::string cohort = "{}";
    std::string language = "en";
    bool as_json = false;
};

Result<boost::json::object> object_option(const std::string& name, const std::string& text) {
    const auto json = parse_json(text);
    if (!json || !json.value().is_object()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "--" + name + " must be a JSON object" +
                                (json ? "." : ": " + json.error().message)};
    }
    return json.value().get_object();
}

Result<RehearsalSetup> setup_of(const Definition& definition, const Options& options) {
    SILLAGE_TRY(const auto now, parse_instant(options.at));
    SILLAGE_TRY(auto context, object_option("context", options.context));
    SILLAGE_TRY(auto company, object_option("company", options.company));
    SILLAGE_TRY(auto cohort, object_option("cohort", options.cohort));
    return RehearsalSetup{.now = now,
                          .company = std::move(company),
                          .cohort = std::move(cohort),
                          .context = std::move(context),
                          .actor = rehearsed_actor(definition, options.roles, {}),
                          .languages = {options.language},
                          .workflows = workflows_beside(options.file)};
}

/// `name`, `name:JSON`, or `+DURATION` for letting time pass.
Result<std::string> line_of(const std::string& word) {
    if (word.starts_with('+')) {
        return to_json_text(boost::json::object{{"advance", word.substr(1)}});
    }
    const std::size_t colon = word.find(':');
    boost::json::object line{{"event", word.substr(0, colon)}};
    if (colon != std::string::npos) {
        const auto data = parse_json(word.substr(colon + 1));
        if (!data) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "The data of \"" + word.substr(0, colon) +
                                    "\" is not JSON: " + data.error().message};
        }
        line["data"] = data.value();
    }
    return to_json_text(line);
}

/// Answers the events of the command line, else the lines of standard input.
int simulate_in_json(Rehearsal& rehearsal, const Options& options) {
    SimulationLines lines(rehearsal, options.roles);
    std::cout << lines.start() << '\n' << std::flush;
    if (!rehearsal.is_started()) {
        return status_errors;
    }
    for (const std::string& word : options.events) {
        const auto line = line_of(word);
        if (!line) {
            std::cerr << line.error().message << "\n";
            return status_usage;
        }
        std::cout << lines.answer(line.value()) << '\n' << std::flush;
    }
    for (std::string line; options.events.empty() && std::getline(std::cin, line);) {
        std::cout << lines.answer(line) << '\n' << std::flush;
    }
    return 0;
}

void print_lines(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
        std::cout << "  " << line << "\n";
    }
}

void print_performance(const Performance& performance) {
    for (const Happening& happening : performance.happenings) {
        const bool is_asked_for = happening.event.origin == EventOrigin::account ||
                                  happening.event.origin == EventOrigin::engine;
        if (!happening.path.empty()) {
            std::cout << " in " << happening.path;
        }
        if (!is_asked_for || !happening.path.empty()) {
            std::cout << " " << to_string(happening.at) << " " << happening.event.name.view()
                      << "\n";
        }
        print_lines(tell(*happening.definition, happening.step));
    }
    if (performance.error) {
        print_lines(tell(*performance.error));
    }
}

/// Where the instance stands, in one paragraph.
void print_status(const Rehearsal& rehearsal) {
    const sillage::Status status = describe(rehearsal.definition(), rehearsal.snapshot(),
                                            rehearsal.input_for({}, system_actor()));
    const char* between = " = ";
    for (const std::string& state : status.states) {
        std::cout << between << state;
        between = ", ";
    }
    std::cout << " · " << status.title;
    between = " · waiting for ";
    for (const std::string& role : status.waiting_for) {
        std::cout << between << role;
        between = ", ";
    }
    if (!status.deadlines.empty()) {
        std::cout << " · due " << to_string(status.deadlines.front().at);
    }
    std::cout << (status.overdue ? " · overdue" : "") << (status.done ? " · done" : "") << "\n";
    std::cout << " = " << to_json_text(status.context) << "\n";
    for (const auto& [path, child] : rehearsal.descendants()) {
        std::cout << "   " << path << " (" << child->record->workflow << ")";
        between = " = ";
        for (const std::string& state : leaves_of(*child->definition, child->snapshot)) {
            std::cout << between << state;
            between = ", ";
        }
        std::cout << (child->snapshot.done ? " · done" : "") << "\n";
    }
    std::cout << "\n";
}

/// Performs one word of the command line; false: it makes no sense.
bool perform_word(Rehearsal& rehearsal, const Options& options, const std::string& word) {
    std::cout << word << "  (" << to_string(rehearsal.now()) << ")\n";
    if (word.starts_with('+')) {
        const auto duration = parse_duration(word.substr(1));
        if (!duration) {
            std::cerr << duration.error().message << "\n";
            return false;
        }
        print_performance(rehearsal.advance(duration.value()));
        return true;
    }
    const std::size_t colon = word.find(':');
    const auto data = parse_json(colon == std::string::npos ? "null" : word.substr(colon + 1));
    if (!data) {
        std::cerr << "The data of \"" << word.substr(0, colon)
                  << "\" is not JSON: " << data.error().message << "\n";
        return false;
    }
    print_performance(rehearsal.send({.name = word.substr(0, colon), .data = data.value()},
                                     rehearsed_actor(rehearsal.definition(), options.roles, {})));
    return true;
}

int simulate_in_words(Rehearsal& rehearsal, const Options& options) {
    std::cout << "start  (" << to_string(rehearsal.now()) << ")\n";
    print_performance(rehearsal.start());
    if (!rehearsal.is_started()) {
        return status_errors;
    }
    print_status(rehearsal);
    for (const std::string& word : options.events) {
        if (!perform_word(rehearsal, options, word)) {
            return status_usage;
        }
        print_status(rehearsal);
    }
    return 0;
}

int simulate(const Options& options) {
    const auto definition = open_workflow_file(options.file);
    if (!definition) {
        return status_errors;
    }
    auto setup = setup_of(*definition, options);
    if (!setup) {
        std::cerr << setup.error().message << "\n";
        return status_usage;
    }
    Rehearsal rehearsal(*definition, std::move(setup).value());
    return options.as_json ? simulate_in_json(rehearsal, options)
                           : simulate_in_words(rehearsal, options);
}

}  // namespace

void add_simulate(CLI::App& app, int& status) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("simulate", "run one instance on a virtual clock");
    command->add_option("FILE", options->file, "the workflow")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("EVENT", options->events, "name, name:JSON, or +DURATION to let time pass");
    command->add_option("--as", options->roles, "the roles that act (default: every declared one)")
        ->delimiter(',')
        ->allow_extra_args(false);
    command->add_option("--at", options->at, "when the clock starts");
    command->add_option("--context", options->context, "values in place of the defaults");
    command->add_option("--company", options->company, "the company's record");
    command->add_option("--cohort", options->cohort, "the cohort's record");
    command->add_option("--lang", options->language, "the language of sentences");
    command->add_flag("--json", options->as_json, "answer lines of JSON on standard input");
    command->callback([options, &status] { status = simulate(*options); });
}

}  // namespace sillage::server
