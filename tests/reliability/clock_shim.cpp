// Preloaded, it moves a program's wall clock by what a file says, an int64 of seconds, while it
// runs; the monotonic clock stays. libfaketime does so, too, but not below every allocator: one
// that asks for the time within malloc meets it before it is ready. Usage: t1_clock_jumps.py.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

// What the file says; until it is mapped, and when it cannot be, the true time stands.
const volatile std::int64_t no_seconds = 0;
const volatile std::int64_t* seconds = &no_seconds;

[[gnu::constructor]] void map_file() {
    const char* const path = std::getenv("CLOCK_SHIM_FILE");
    const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return;
    }
    void* const mapped = ::mmap(nullptr, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) {
        seconds = static_cast<const std::int64_t*>(mapped);
    }
    ::close(file);
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* result) noexcept {
    const int outcome = static_cast<int>(::syscall(SYS_clock_gettime, clock, result));
    if (outcome == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        result->tv_sec += *seconds;
    }
    return outcome;
}

int gettimeofday(timeval* result, void*) noexcept {
    timespec now{};
    const int outcome = clock_gettime(CLOCK_REALTIME, &now);
    result->tv_sec = now.tv_sec;
    result->tv_usec = now.tv_nsec / 1'000;
    return outcome;
}

time_t time(time_t* result) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (result != nullptr) {
        *result = now.tv_sec;
    }
    return now.tv_sec;
}

}  // extern "C"
