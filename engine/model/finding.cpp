#include "engine/model/finding.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sillage {

std::string to_string(const Finding& finding) {
    return fmt::format(
        "{}:{}:{}: {}: {} [{}]", finding.file, finding.place.line, finding.place.column,
        finding.severity == Severity::error ? "error" : "warning", finding.message, finding.code);
}

bool has_errors(const std::vector<Finding>& findings) {
    return std::ranges::any_of(
        findings, [](const Finding& finding) { return finding.severity == Severity::error; });
}

}  // namespace sillage
