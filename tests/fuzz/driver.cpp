// The parent only watches; a child reads the inputs. Before each it copies the input to memory
// that both see, so that whatever ends the child, the parent can keep the input that did it.
#include "tests/fuzz/driver.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/fuzz/mutate.hpp"

namespace sillage::test {
namespace {

/// No input within the limits takes the readers more than some milliseconds; ten seconds leave
/// room for the sanitizers and a busy machine.
constexpr unsigned seconds_per_input_max = 10;

/// A bomb may be larger than a mutated input.
constexpr std::size_t kept_bytes_max = 4 * 1024 * 1024;

struct Options {
    std::filesystem::path corpus = {};
    std::uint64_t seed = std::random_device{}();
    std::uint64_t seconds = 0;
    std::uint64_t iterations = 0;
};

/// Shared by both processes.
struct Progress {
    std::uint64_t input_count;
    std::size_t size;
    char input[kept_bytes_max];
};

bool read_number(std::string_view name, const char* text, Options& options) {
    char* end = nullptr;
    const std::uint64_t value = std::strtoull(text, &end, 10);
    if (name == "--seed") {
        options.seed = value;
    } else if (name == "--seconds") {
        options.seconds = value;
    } else if (name == "--iterations") {
        options.iterations = value;
    } else {
        return false;
    }
    return *end == '\0' && end != text;
}

bool read_options(int argc, const char* const* argv, Options& options) {
    if (argc < 2 || argc % 2 != 0) {
        return false;
    }
    options.corpus = argv[1];
    for (int index = 2; index < argc; index += 2) {
        if (!read_number(argv[index], argv[index + 1], options)) {
            return false;
        }
    }
    return std::filesystem::is_directory(options.corpus);
}

std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());  // equal seeds, equal inputs
    std::vector<std::string> corpus;
    for (const auto& path : paths) {
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        corpus.push_back(text.str());
    }
    return corpus;
}

void run_one(const FuzzTarget& target, std::string_view input, Progress& progress) {
    progress.size = std::min(input.size(), kept_bytes_max);
    std::memcpy(progress.input, input.data(), progress.size);
    ++progress.input_count;
    alarm(seconds_per_input_max);
    target.run(input);
    alarm(0);
}

/// The child: corpus, bombs, then mutations until time and iterations are both used up.
void run_all(const FuzzTarget& target, const Options& options, Progress& progress) {
    const std::vector<std::string> corpus = read_corpus(options.corpus);
    must(!corpus.empty(), "the corpus has files");
    for (const std::vector<std::string>* inputs : {&corpus, &target.bombs}) {
        for (const std::string& input : *inputs) {
            run_one(target, input, progress);
        }
    }
    Mutator mutator(options.seed, corpus, target.words);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.seconds);
    std::uint64_t count = 0;
    while (count < options.iterations || std::chrono::steady_clock::now() < end) {
        run_one(target, mutator.next(), progress);
        ++count;
    }
}

void keep(const Progress& progress, const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    file.write(progress.input, static_cast<std::streamsize>(progress.size));
    std::printf("input %llu: crash kept in %s\n",
                static_cast<unsigned long long>(progress.input_count),
                std::filesystem::absolute(path).c_str());
}

Progress* share_progress() {
    void* memory =
        mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(memory != MAP_FAILED, "there is memory to share with the child");
    return static_cast<Progress*>(memory);
}

}  // namespace

int fuzz_main(int argc, const char* const* argv, const FuzzTarget& target) {
    Options options;
    if (!read_options(argc, argv, options)) {
        std::puts("usage: PROGRAM CORPUS [--seed N] [--seconds N] [--iterations N]");
        return 2;
    }
    std::printf("seed %llu\n", static_cast<unsigned long long>(options.seed));
    std::fflush(stdout);
    Progress* progress = share_progress();
    const pid_t child = fork();
    must(child >= 0, "a child can be started");
    if (child == 0) {
        run_all(target, options, *progress);
        std::exit(0);  // not _exit: the leak checker runs at exit
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        std::printf("%llu inputs\n", static_cast<unsigned long long>(progress->input_count));
        return 0;
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
        std::printf("one input took more than %u s\n", seconds_per_input_max);
    }
    const std::string program = std::filesystem::path(argv[0]).filename().string();
    keep(*progress, program + "_crash_" + std::to_string(options.seed));
    return 1;
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string result;
    result.reserve(text.size() * count);
    for (std::size_t index = 0; index < count; ++index) {
        result += text;
    }
    return result;
}

void must(bool holds, std::string_view property) {
    if (!holds) {
        std::fprintf(stderr, "this must hold: %.*s\n", static_cast<int>(property.size()),
                     property.data());
        std::abort();
    }
}

}  // namespace sillage::test
