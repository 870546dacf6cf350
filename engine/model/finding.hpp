#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sillage {

/// A place in a text file, 1-based; columns count code points. `{0, 0}`: no place.
struct Place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    auto operator<=>(const Place&) const = default;
};

enum class Severity { error, warning };

/// One thing that is wrong, or odd, in a file.
struct Finding {
    /// The file as the caller named it.
    std::string file = {};
    Place place = {};
    Severity severity = Severity::error;
    /// Kebab-case. Ex. `unknown-key`.
    std::string code = {};
    /// One sentence that names the thing and the nearest right one.
    std::string message = {};
    /// A shortest event sequence or concrete values that show it; empty when there is none.
    std::string witness = {};

    bool operator==(const Finding&) const = default;
};

/// `FILE:LINE:COLUMN: error|warning: message [code]`, without a line end.
[[nodiscard]] std::string to_string(const Finding& finding);

[[nodiscard]] bool has_errors(const std::vector<Finding>& findings);

}  // namespace sillage
