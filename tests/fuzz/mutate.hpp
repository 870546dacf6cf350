#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace sillage::test {

/// Makes inputs from inputs. Equal seeds and corpora give equal sequences.
class Mutator {
  public:
    Mutator(std::uint64_t seed, std::vector<std::string> corpus, std::vector<std::string> words);

    /// One of the corpus after one to eight changes.
    [[nodiscard]] std::string next();

  private:
    [[nodiscard]] std::size_t below(std::size_t bound);
    void change(std::string& input);
    void change_byte(std::string& input);
    void change_slice(std::string& input);
    void strew_word(std::string& input);

    std::mt19937_64 random_;
    std::vector<std::string> corpus_;
    std::vector<std::string> words_;
};

/// What an input may grow to: well above any limit of the readers on a single token, and small
/// enough for thousands of inputs a second.
inline constexpr std::size_t fuzz_input_bytes_max = 64 * 1024;

}  // namespace sillage::test
