// `sillage` with one fault: its first word, `break=NAME` or `crash=NAME:N` (at the N-th passage),
// is taken away, the rest is what sillage itself understands. Exit status 2: no such fault.

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/fault.hpp"
#include "server/cli/commands.hpp"

namespace sillage {
namespace {

constexpr std::array breakages{
    std::pair{std::string_view("ack_before_commit"), Breakage::ack_before_commit},
    std::pair{std::string_view("synchronous_normal"), Breakage::synchronous_normal},
    std::pair{std::string_view("answer_apart"), Breakage::answer_apart},
    std::pair{std::string_view("key_not_looked_up"), Breakage::key_not_looked_up},
    std::pair{std::string_view("payload_after_commit"), Breakage::payload_after_commit},
    std::pair{std::string_view("sequence_from_memory"), Breakage::sequence_from_memory},
    std::pair{std::string_view("stale_cached_read"), Breakage::stale_cached_read},
    std::pair{std::string_view("timer_claim_unlocked"), Breakage::timer_claim_unlocked},
    std::pair{std::string_view("flush_retried"), Breakage::flush_retried},
    std::pair{std::string_view("sse_before_commit"), Breakage::sse_before_commit},
};

constexpr std::array crash_points{
    std::pair{std::string_view("before_commit"), CrashPoint::before_commit},
    std::pair{std::string_view("after_commit"), CrashPoint::after_commit},
    std::pair{std::string_view("mid_slice"), CrashPoint::mid_slice},
    std::pair{std::string_view("mid_checkpoint"), CrashPoint::mid_checkpoint},
    std::pair{std::string_view("mid_migration"), CrashPoint::mid_migration},
};

// Set before any thread starts, but for the count.
std::optional<Breakage> breakage;
std::optional<CrashPoint> point;
std::atomic<long> passages_left = 0;

template <class Table>
auto find(const Table& table, std::string_view name) {
    std::optional<typename Table::value_type::second_type> found;
    for (const auto& [known, value] : table) {
        found = known == name ? std::optional(value) : found;
    }
    return found;
}

bool read_fault(std::string_view word) {
    const auto equals = word.find('=');
    const auto colon = word.find(':');
    if (word.starts_with("break=")) {
        breakage = find(breakages, word.substr(equals + 1));
        return breakage.has_value();
    }
    if (!word.starts_with("crash=") || colon == std::string_view::npos) {
        return false;
    }
    point = find(crash_points, word.substr(equals + 1, colon - equals - 1));
    long count = 0;
    const char* const end = word.data() + word.size();
    const auto [last, error] = std::from_chars(word.data() + colon + 1, end, count);
    passages_left = count;
    return point.has_value() && error == std::errc() && last == end && count > 0;
}

}  // namespace

bool is_broken(Breakage asked) { return breakage == asked; }

void crash_point(CrashPoint passed) {
    if (point == passed && --passages_left == 0) {
        std::raise(SIGKILL);
    }
}

}  // namespace sillage

int main(int count, char** words) {
    if (count < 2 || !sillage::read_fault(words[1])) {
        std::cerr << "usage: sillage_faulty break=NAME|crash=NAME:N WORD…\n";
        return 2;
    }
    words[1] = words[0];
    return sillage::server::run_command_line(count - 1, words + 1);
}
