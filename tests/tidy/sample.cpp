#include "tests/tidy/sample.hpp"

#include <stdlib.h>  // NOLINT: mkdtemp is POSIX, so <cstdlib> need not have it

#include <doctest/doctest.h>

#include <fstream>
#include <system_error>

namespace sillage::test {

Sample::Sample() {
    std::string folder = (std::filesystem::temp_directory_path() / "sillage_tidy_XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    root_ = folder;
}

Sample::~Sample() {
    std::error_code nobody_left_to_tell;
    std::filesystem::remove_all(root_, nobody_left_to_tell);
}

Sample& Sample::with(std::string_view path, std::string_view text) {
    const std::filesystem::path file = root_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return *this;
}

std::string places_of(const Findings& findings) {
    std::string places;
    for (const Finding& finding : findings) {
        places += finding.path + ":" + std::to_string(finding.line) + "\n";
    }
    return places;
}

}  // namespace sillage::test
