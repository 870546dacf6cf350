// The interpreter on readiness.yaml, a guard, the memory of an instance and the reading of a file.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "engine/base/json.hpp"
#include "engine/cel/compile.hpp"
#include "engine/interpreter/detail/moment.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/model/context.hpp"
#include "engine/yaml/read.hpp"
#include "tests/bench/cycle.hpp"

namespace sillage::test {
namespace {

/// Chosen: as many companies as a large programme has, so that what the process takes is noise.
constexpr std::size_t resident_count = 100'000;

/// Ends the program: a figure of something that went wrong is worse than none.
void must(bool holds, std::string_view words) {
    if (!holds) {
        std::cerr << "core_bench: " << words << '\n';
        std::exit(1);
    }
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    must(file.good(), path + " cannot be read");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::shared_ptr<const Definition> read(const std::string& text) {
    ReadOutcome outcome = read_definition(text, "bench.yaml");
    for (const Finding& finding : outcome.findings) {
        must(finding.severity != Severity::error, finding.message);
    }
    return outcome.definition;
}

const std::string& chart_text() {
    static const std::string text = read_file(SILLAGE_BENCH_FOLDER "/readiness.yaml");
    return text;
}

Input input_of(const char* event, const char* role, const char* data) {
    Input input{.event = {.name = event}, .actor = {.id = "acc_1", .roles = {role}}};
    auto value = parse_json(data);
    must(value.has_value(), "an event's data is JSON");
    input.event.data = std::move(value.value());
    input.now = Instant{1'800'000'000'000};  // 2027-01-15
    return input;
}

Snapshot started(const Definition& definition) {
    auto first = start(definition, input_of("$start", "sme", "null"));
    must(first.has_value(), "the chart starts");
    return std::move(first.value().after);
}

/// Macrosteps of the fixed cycle, refusals among them; each gives snapshot, trace and effects.
void macrosteps(benchmark::State& state) {
    const auto definition = read(chart_text());
    std::vector<Input> inputs;
    for (const CycleEvent& event : cycle) {
        inputs.push_back(input_of(event.name, event.role, event.data));
    }
    // Two steps take turns, so that the memory of each is used again.
    std::array<Step, 2> steps;
    Step* now = &steps[0];
    Step* next = &steps[1];
    now->after = started(*definition);
    for (auto _ : state) {
        for (std::size_t index = 0; index < inputs.size(); ++index) {
            const auto stepped = step_into(*definition, now->after, inputs[index], *next);
            if (stepped) {
                std::swap(now, next);
            }
            must(stepped.has_value() == (index != refused_index), "each event but one is accepted");
        }
    }
    const auto cycle_count = static_cast<std::int64_t>(state.iterations());
    must(*context_value(*definition, now->after, "freezes") == freezes_per_cycle * cycle_count,
         "the cycle comes round");
    state.SetItemsProcessed(cycle_count * static_cast<std::int64_t>(cycle.size()));
}

/// One guard, as the interpreter judges it.
void guard(benchmark::State& state) {
    const auto definition = read(R"(
workflow: guard
version: 1
roles: { sme: {} }
context: { score: { type: integer, default: 80 } }
initial: open
states:
  open:
    on:
      go: { by: sme, guard: "score >= 70 && company.headcount < 250", target: gone }
  gone: { type: final }
)");
    const Snapshot snapshot = started(*definition);
    Input input = input_of("go", "sme", "null");
    input.company =
        boost::json::object{{"id", "co_1"}, {"name", "Maison Exemple"}, {"headcount", 42}};
    const Expression& check = definition->transitions.front().guard.front().check;
    const Moment moment = moment_before(*definition, snapshot, input);
    for (auto _ : state) {
        const auto verdict = holds(moment, check);
        must(verdict.has_value() && verdict.value(), "the guard is true");
    }
}

std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    must(file.good(), "/proc/self/statm tells the resident pages");
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// What so many started instances take, by the growth of the process.
void resident_instances(benchmark::State& state) {
    const auto definition = read(chart_text());
    std::vector<Snapshot> instances(resident_count);
    const std::size_t vector_bytes = resident_count * sizeof(Snapshot);
    for (auto _ : state) {
        const std::size_t before = resident_bytes();
        for (Snapshot& instance : instances) {
            instance = started(*definition);
        }
        const std::size_t grown = resident_bytes() - before + vector_bytes;
        state.counters["bytes_per_instance"] =
            static_cast<double>(grown) / static_cast<double>(resident_count);
    }
}

/// Twelve phases of four states, each with titles, a deadline, a form and guards.
std::string sixty_states() {
    std::string text =
        "workflow: sixty\nversion: 1\ntimezone: Europe/Paris\n"
        "roles: { sme: {}, mentor: {}, manager: {} }\n"
        "context:\n  score: { type: integer, default: 0 }\n"
        "  rounds: { type: integer, default: 0 }\ninitial: phase0\nstates:\n";
    constexpr int phase_count = 12;
    for (int phase = 0; phase < phase_count; ++phase) {
        text += fmt::format(
            "  phase{0}:\n    title: {{ en: Phase {0}, fr: Étape {0} }}\n    initial: draft\n"
            "    states:\n"
            "      draft:\n        title: {{ en: Draft, fr: Brouillon }}\n"
            "        waiting_for: sme\n"
            "        deadline: {{ within: 14 days, remind: [3 days, 1 day], target: late }}\n"
            "        on:\n"
            "          answer:\n            by: sme\n"
            "            form: {{ score: {{ type: integer, minimum: 0, required: true }} }}\n"
            "            actions: [{{ assign: {{ score: \"${{event.data.score}}\" }} }}]\n"
            "          submit:\n            by: sme\n"
            "            guard:\n              - check: score >= 60 && company.headcount < 250\n"
            "                otherwise: {{ en: \"It is {{score}}.\", fr: \"Il est de {{score}}.\" "
            "}}\n"
            "            target: review\n"
            "      review:\n        waiting_for: mentor\n        on:\n"
            "          approve: {{ by: [mentor, manager], target: ready }}\n"
            "          return: {{ by: mentor, target: draft, "
            "actions: [{{ assign: {{ rounds: \"${{rounds + 1}}\" }} }}] }}\n"
            "      late:\n        on: {{ extend: {{ by: manager, target: draft }} }}\n"
            "      ready:\n        on: {{ next: {{ by: manager, target: phase{1} }} }}\n",
            phase, (phase + 1) % phase_count);
    }
    return text;
}

/// Text to compiled definition.
void load_sixty_states(benchmark::State& state) {
    const std::string text = sixty_states();
    must(read(text)->states.size() == 61, "sixty states below the root");
    for (auto _ : state) {
        benchmark::DoNotOptimize(read(text));
    }
}

BENCHMARK(macrosteps);
BENCHMARK(guard);
BENCHMARK(load_sixty_states)->Unit(benchmark::kMillisecond);
// Once: memory that was freed would be counted as already there the second time.
BENCHMARK(resident_instances)->Iterations(1)->Repetitions(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sillage::test

BENCHMARK_MAIN();
