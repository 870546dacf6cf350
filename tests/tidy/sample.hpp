#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/tidy/tree.hpp"

namespace sillage::test {

/// A small tree in a folder of its own, gone with the value.
class Sample {
  public:
    Sample();
    ~Sample();
    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;

    /// Writes one file and its folders; gives the sample, to write the next.
    Sample& with(std::string_view path, std::string_view text);

    [[nodiscard]] Tree tree() const { return read_tree(root_); }

  private:
    std::filesystem::path root_;
};

/// `path:line` of each finding, one a line: what a check is expected to name.
[[nodiscard]] std::string places_of(const Findings& findings);

}  // namespace sillage::test
