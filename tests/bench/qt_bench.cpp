// readiness.scxml in Qt SCXML, loaded at run time.
// Usage: qt_bench REPETITIONS   prints macrosteps a second of processor time, the median of so many
// runs of at least a second each.
#include <QCoreApplication>
#include <QJsonDocument>
#include <QScxmlDataModel>
#include <QScxmlStateMachine>
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <string_view>
#include <vector>

#include "tests/bench/cycle.hpp"

namespace sillage::test {
namespace {

constexpr double run_seconds = 1;

void must(bool holds, std::string_view words) {
    if (!holds) {
        std::cerr << "qt_bench: " << words << '\n';
        std::exit(1);
    }
}

struct NamedData {
    QString name;
    QVariant data;
};

std::vector<NamedData> cycle_events() {
    std::vector<NamedData> events;
    for (const CycleEvent& event : cycle) {
        QVariantMap data = QJsonDocument::fromJson(event.data).toVariant().toMap();
        data.insert("by", event.role);
        events.push_back({event.name, data});
    }
    return events;
}

/// Seconds that the process has run on any processor.
double processor_seconds() {
    std::timespec time{};
    must(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0, "there is a clock");
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Macrosteps a second of one run.
double measure() {
    const std::unique_ptr<QScxmlStateMachine> machine(
        QScxmlStateMachine::fromFile(SILLAGE_BENCH_FOLDER "/readiness.scxml"));
    must(machine->parseErrors().empty(), "the chart can be read");
    must(machine->init(), "the data model starts");
    machine->start();
    QCoreApplication::processEvents();
    const std::vector<NamedData> events = cycle_events();
    int cycle_count = 0;
    const double begin = processor_seconds();
    double seconds = 0;
    while (seconds < run_seconds) {
        for (const NamedData& event : events) {
            machine->submitEvent(event.name, event.data);
        }
        QCoreApplication::processEvents();
        ++cycle_count;
        seconds = processor_seconds() - begin;
    }
    must(machine->isActive("assessment"), "a cycle ends in the assessment");
    must(machine->dataModel()->scxmlProperty("freezes").toInt() == freezes_per_cycle * cycle_count,
         "the cycle comes round");
    return static_cast<double>(cycle_count) * static_cast<double>(cycle.size()) / seconds;
}

}  // namespace
}  // namespace sillage::test

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const int repetitions = argc == 2 ? std::atoi(argv[1]) : 0;
    sillage::test::must(repetitions > 0, "usage: qt_bench REPETITIONS");
    std::vector<double> rates;
    for (int i = 0; i < repetitions; ++i) {
        rates.push_back(sillage::test::measure());
    }
    std::sort(rates.begin(), rates.end());
    std::cout << static_cast<long long>(rates[rates.size() / 2]) << '\n';
}
