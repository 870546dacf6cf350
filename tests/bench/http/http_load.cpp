// Starts instances over HTTP, sends them events, reads them; prints a line of JSON a measurement.
// The figures are those of load.hpp, the instances those of population.hpp.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <limits>

#include "tests/bench/http/population.hpp"

namespace sillage::test {
namespace {

struct Arguments {
    LoadOptions load = {};
    std::vector<std::size_t> connection_counts = {1};
    std::string path = {};
    std::string population = {};
    std::string chart = {};
    std::size_t warm_ms = 1'000;
    std::size_t measured_ms = 5'000;
    std::size_t count = std::numeric_limits<std::size_t>::max();
};

LoadOptions load_of(const Arguments& arguments, std::size_t connection_count) {
    return {.port = arguments.load.port,
            .connection_count = connection_count,
            .warm = std::chrono::milliseconds(arguments.warm_ms),
            .measured = std::chrono::milliseconds(arguments.measured_ms)};
}

void print(std::size_t connection_count, const Figures& figures) {
    std::cout << fmt::format(
                     R"({{"connections":{},"answers":{},"per_second":{:.0f},"p50_ms":{:.3f},)"
                     R"("p99_ms":{:.3f},"load_us":{:.1f}}})",
                     connection_count, figures.answer_count, figures.per_second, figures.p50_ms,
                     figures.p99_ms, figures.load_us)
              << std::endl;
}

void prepare(const Arguments& arguments) {
    const char* token = std::getenv("SILLAGE_ADMIN_TOKEN");
    must(token != nullptr, "SILLAGE_ADMIN_TOKEN is set");
    const LoadOptions load = load_of(arguments, arguments.connection_counts.front());
    write_population(arguments.population,
                     start_instances(load, arguments.chart, token, arguments.count));
}

void events(const Arguments& arguments) {
    Population population = read_population(arguments.population);
    for (const std::size_t connection_count : arguments.connection_counts) {
        print(connection_count, send_events(load_of(arguments, connection_count), arguments.path,
                                            population, arguments.count));
    }
    write_population(arguments.population, population);
}

void reads(const Arguments& arguments) {
    const Population population = read_population(arguments.population);
    for (const std::size_t connection_count : arguments.connection_counts) {
        print(connection_count,
              read_instances(load_of(arguments, connection_count), arguments.path, population));
    }
}

CLI::App* subcommand(CLI::App& app, Arguments& arguments, const char* name, const char* does) {
    CLI::App* command = app.add_subcommand(name, does);
    command->add_option("--port", arguments.load.port, "of the server on 127.0.0.1")->required();
    command->add_option("--population", arguments.population, "the file of the instances")
        ->required();
    command->add_option("--connections", arguments.connection_counts, "one load after another")
        ->delimiter(',');
    return command;
}

int run(int argument_count, const char* const* argument_values) {
    CLI::App app("loads a server over HTTP");
    app.require_subcommand(1);
    Arguments arguments;
    CLI::App* start = subcommand(app, arguments, "prepare", "starts instances over the API");
    start->add_option("--chart", arguments.chart, "readiness.yaml")->required();
    start->add_option("--count", arguments.count, "instances")->required();
    CLI::App* send = subcommand(app, arguments, "events", "sends events to the instances in turn");
    send->add_option("--count", arguments.count, "at most so many; with --measured-ms 0");
    CLI::App* read = subcommand(app, arguments, "reads", "reads the instances in turn");
    for (CLI::App* command : {send, read}) {
        command->add_option("--path", arguments.path, "with {} for the id")->required();
        command->add_option("--warm-ms", arguments.warm_ms, "not counted");
        command->add_option("--measured-ms", arguments.measured_ms, "counted");
    }
    CLI11_PARSE(app, argument_count, argument_values);
    const auto measure = start->parsed() ? prepare : send->parsed() ? events : reads;
    measure(arguments);
    return 0;
}

}  // namespace
}  // namespace sillage::test

int main(int argument_count, char** argument_values) {
    return sillage::test::run(argument_count, argument_values);
}
