#pragma once

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "server/cli/commands.hpp"

namespace sillage::test {

/// How a command ended and what it said.
struct Outcome {
    int status = 0;
    std::string out;
    std::string err;
};

/// Runs `sillage` with these words.
inline Outcome run_words(std::vector<std::string> words) {
    words.insert(words.begin(), "sillage");
    std::vector<const char*> pointers;
    for (const std::string& word : words) {
        pointers.push_back(word.c_str());
    }
    std::ostringstream out;
    std::ostringstream err;
    std::streambuf* const saved_out = std::cout.rdbuf(out.rdbuf());
    std::streambuf* const saved_err = std::cerr.rdbuf(err.rdbuf());
    const int status = server::run_command_line(static_cast<int>(pointers.size()), pointers.data());
    std::cout.rdbuf(saved_out);
    std::cerr.rdbuf(saved_err);
    return {status, out.str(), err.str()};
}

}  // namespace sillage::test
