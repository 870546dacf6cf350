#include "server/metrics/process.hpp"

#include <doctest/doctest.h>

using namespace sillage::server;

TEST_SUITE("metrics/process") {
    TEST_CASE("a process tells what it takes of the machine") {
        Exposition out;
        tell_process(out);
        const std::string text = out.take();

        for (const auto* name : {"process_cpu_seconds_total", "process_resident_memory_bytes",
                                 "process_open_fds", "process_start_time_seconds"}) {
            CAPTURE(name);
            CHECK(text.find("\n" + std::string(name) + " ") != std::string::npos);
        }
    }
}
