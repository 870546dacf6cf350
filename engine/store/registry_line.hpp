#pragma once

#include <cstdint>
#include <string>

#include "engine/base/instant.hpp"
#include "engine/store/record.hpp"

namespace sillage {

/// The member of a record's body that says who has made that revision:
/// `{"id": "acc_…", "credential": "tok_…"}`. Nobody but the operator is told of it.
inline constexpr std::string_view changed_by = "changed_by";

/// A revision of a record as it is stored, in its place among all changes of the registry.
struct RegistryLine {
    /// 1, 2, 3 … over all records; 0: it was written before changes were counted.
    std::uint64_t change = 0;
    RecordKind kind = RecordKind::cluster;
    std::string id = {};
    std::uint64_t revision = 0;
    std::string cluster = {};
    std::string lookup = {};
    /// The JSON text.
    std::string body = {};
    Instant at = {};
    /// As chain_hash gives it of the change before and registry_hash.
    std::string chain = {};
};

/// SHA-256 over all of it but the chain.
[[nodiscard]] std::string registry_hash(const RegistryLine& line);

}  // namespace sillage
