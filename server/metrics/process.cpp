#include "server/metrics/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace sillage::server {
namespace {

constexpr double microseconds_per_second = 1e6;

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) / microseconds_per_second;
}

/// When the first reader asked: near enough, as this is asked for when the server starts.
double start_seconds() {
    static const auto at = std::chrono::system_clock::now();
    return std::chrono::duration<double>(at.time_since_epoch()).count();
}

}  // namespace

void tell_process(Exposition& out) {
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) == 0) {
        out.begin("process_cpu_seconds_total", "counter", "Processor time, of user and system");
        out.add(seconds_of(used.ru_utime) + seconds_of(used.ru_stime));
    }
    std::ifstream pages("/proc/self/statm");
    double virtual_pages = 0;
    double resident_pages = 0;
    if (pages >> virtual_pages >> resident_pages) {
        const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
        out.gauge("process_virtual_memory_bytes", "Address space", virtual_pages * page);
        out.gauge("process_resident_memory_bytes", "Memory in use", resident_pages * page);
    }
    std::error_code error;
    const std::filesystem::directory_iterator files("/proc/self/fd", error);
    if (!error) {
        const auto count = std::distance(begin(files), end(files));
        out.gauge("process_open_fds", "Open files and connections", static_cast<double>(count));
    }
    out.gauge("process_start_time_seconds", "When it was started, since 1970", start_seconds());
}

}  // namespace sillage::server
