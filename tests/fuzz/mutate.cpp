#include "tests/fuzz/mutate.hpp"

#include <algorithm>
#include <utility>

namespace sillage::test {
namespace {

/// Chosen: a few changes reach past the first check, many make noise.
constexpr std::size_t changes_max = 8;
/// Chosen: repeats deep enough for every depth limit (32 and 64) with one or two changes.
constexpr std::size_t repeats_max = 80;

}  // namespace

Mutator::Mutator(std::uint64_t seed, std::vector<std::string> corpus,
                 std::vector<std::string> words)
    : random_(seed), corpus_(std::move(corpus)), words_(std::move(words)) {
    corpus_.emplace_back();  // the empty input, so that there is always one
    words_.emplace_back(1, '\0');
}

std::string Mutator::next() {
    std::string input = corpus_[below(corpus_.size())];
    const std::size_t change_count = 1 + below(changes_max);
    for (std::size_t count = 0; count < change_count; ++count) {
        change(input);
    }
    input.resize(std::min(input.size(), fuzz_input_bytes_max));
    return input;
}

/// Not std::uniform_int_distribution: its numbers differ between libraries.
std::size_t Mutator::below(std::size_t bound) {
    return static_cast<std::size_t>(random_() % bound);
}

void Mutator::change(std::string& input) {
    switch (below(3)) {
        case 0:
            return change_byte(input);
        case 1:
            return change_slice(input);
        default:
            return strew_word(input);
    }
}

void Mutator::change_byte(std::string& input) {
    if (input.empty()) {
        return;
    }
    char& byte = input[below(input.size())];
    const bool flip = below(2) == 0;
    const auto bit = static_cast<unsigned char>(1U << below(8));
    byte = static_cast<char>(flip ? static_cast<unsigned char>(byte) ^ bit : below(256));
}

/// Cuts a slice out, repeats it in place, or lets one of another input follow.
void Mutator::change_slice(std::string& input) {
    const std::size_t begin = below(input.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(input.size() - begin, 64) + 1);
    const std::string slice = input.substr(begin, length);
    const std::size_t kind = below(3);
    if (kind == 0) {
        input.erase(begin, length);
    } else if (kind == 1) {
        const std::size_t repeats = 1 + below(repeats_max);
        std::string repeated;
        for (std::size_t count = 0; count < repeats; ++count) {
            repeated += slice;
        }
        input.insert(begin, repeated);
    } else {
        const std::string& other = corpus_[below(corpus_.size())];
        input = input.substr(0, begin) + other.substr(below(other.size() + 1));
    }
}

void Mutator::strew_word(std::string& input) {
    input.insert(below(input.size() + 1), words_[below(words_.size())]);
}

}  // namespace sillage::test
