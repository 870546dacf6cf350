#include "tests/conformance/compare.hpp"

#include <fmt/format.h>

#include "engine/runtime/snapshot_codec.hpp"

namespace sillage::test {
namespace {

Error corrupt(const Steps::key_type& step, std::string_view fault) {
    return {.code = ErrorCode::corrupt,
            .message = fmt::format("step {} of {} {}", step.second, step.first, fault)};
}

std::string_view first_difference(const Step& expected, const Step& found) {
    if (expected.trace != found.trace) {
        return "has another trace";
    }
    return expected.effects != found.effects ? "has other effects" : "has another snapshot";
}

}  // namespace

Result<void> check_saved(const Steps& steps) {
    for (const auto& [key, made] : steps) {
        const std::string saved = encode_snapshot(*made.definition, made.step.after);
        SILLAGE_TRY(const Snapshot loaded, decode_snapshot(*made.definition, saved));
        if (loaded != made.step.after) {
            return corrupt(key, "is not loaded as it was saved");
        }
    }
    return success();
}

Result<void> check_equal(const Steps& expected, const Steps& found) {
    for (const auto& [key, made] : found) {
        if (!expected.contains(key)) {
            return corrupt(key, "was not made straight");
        }
    }
    for (const auto& [key, made] : expected) {
        const auto other = found.find(key);
        if (other == found.end()) {
            return corrupt(key, "is missing");
        }
        if (other->second.step != made.step) {
            return corrupt(key, first_difference(made.step, other->second.step));
        }
    }
    return success();
}

}  // namespace sillage::test
