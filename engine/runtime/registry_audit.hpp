#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/runtime/audit.hpp"
#include "engine/store/registry_line.hpp"

namespace sillage {

/// Proves the registry: each change of a record has its place in the chain of all, and each record
/// all its revisions.
class RegistryAudit {
  public:
    /// What the registry says of itself, read before all lines.
    struct Claim {
        /// Revisions of before changes were counted.
        std::uint64_t uncounted = 0;
        /// The last change, and the chain up to it.
        std::uint64_t change = 0;
        std::string chain = {};
    };

    explicit RegistryAudit(Claim claim) : claim_(std::move(claim)) {}

    /// The next line, in order of change; those that are not counted first.
    void take(const RegistryLine& line);
    /// After all lines.
    void finish();

    /// Of a change: `registry` and its number; of a revision: the record's id and its number.
    [[nodiscard]] const std::vector<AuditFault>& faults() const { return faults_; }
    [[nodiscard]] std::uint64_t change_count() const { return change_count_; }

  private:
    void note(const std::string& what, std::uint64_t number, std::string message);
    void check_place(const RegistryLine& line);

    Claim claim_;
    std::uint64_t uncounted_ = 0;
    std::uint64_t change_ = 0;
    std::uint64_t change_count_ = 0;
    std::string chain_ = {};
    std::map<std::pair<RecordKind, std::string>, std::uint64_t> revisions_ = {};
    std::vector<AuditFault> faults_ = {};
};

}  // namespace sillage
