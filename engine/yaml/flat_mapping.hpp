#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/model/finding.hpp"

namespace sillage {

/// A YAML file that is one mapping of names to scalars, as config files are.
struct FlatMapping {
    struct Entry {
        std::string name = {};
        /// The scalar as written, without quotes. Ex. `true`, `10`, `./data`.
        std::string text = {};
        /// Of the name.
        Place place = {};

        bool operator==(const Entry&) const = default;
    };

    /// In the order of the file; empty for an empty file.
    std::vector<Entry> entries = {};
    /// All of the file's, in order of place: whatever is no such mapping is an error.
    std::vector<Finding> findings = {};
};

/// Reads it. `file` is how findings name it.
[[nodiscard]] FlatMapping read_flat_mapping(std::string_view text, std::string_view file);

}  // namespace sillage
