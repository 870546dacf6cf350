#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sillage::test {

/// What is fuzzed: a reader with the properties that hold for every input.
struct FuzzTarget {
    /// Reads one input; whatever is wrong ends the process, best by `must`.
    void (*run)(std::string_view input) = nullptr;
    /// Words that mean something to the reader; mutation strews them in.
    std::vector<std::string> words = {};
    /// Inputs that are too large or too dull for the corpus folder: bombs.
    std::vector<std::string> bombs = {};
};

/// Each target's file gives its own; main.cpp runs it with our driver, libfuzzer.cpp with clang's.
[[nodiscard]] FuzzTarget fuzz_target();

/// `PROGRAM CORPUS [--seed N] [--seconds N] [--iterations N]`: reads every file of the corpus and
/// every bomb, then mutated ones, in a child process. Without a seed it takes one by chance.
/// Gives the exit status; 1 when the child died or hung, and then the input is kept in a file.
[[nodiscard]] int fuzz_main(int argc, const char* const* argv, const FuzzTarget& target);

/// `text`, so many times: what bombs are made of.
[[nodiscard]] std::string repeated(std::string_view text, std::size_t count);

/// Ends the process with these words unless the property holds.
void must(bool holds, std::string_view property);

}  // namespace sillage::test
