#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/store/log_line.hpp"
#include "engine/store/record.hpp"

namespace sillage {

/// Something in a log that is not as it was written.
struct AuditFault {
    /// Of the entry in the log of all; 0: of no entry that is there.
    std::uint64_t position = 0;
    /// Empty and 0 where the entry cannot be read.
    std::string instance = {};
    std::uint64_t sequence = 0;
    /// One sentence.
    std::string message = {};

    bool operator==(const AuditFault&) const = default;
};

/// Faults that are kept; whoever finds more need not read them.
inline constexpr std::size_t audit_faults_max = 1'000;

/// Proves a log: each entry has the hash of its content and of its payload, follows the one before
/// it in the log and in its instance, and none is missing; the state that is stored of an instance
/// is the one that its last entry has the hash of.
class Audit {
  public:
    /// Before all lines: where the log ended when it was last synced, and the chain's hash there.
    void expect_end(std::uint64_t position, std::string chain);
    /// The next line, in order of position.
    void take(const LogLine& line);
    /// A row, after all lines.
    void take(const InstanceHead& head);
    /// Something is wrong with the file that holds it all.
    void take_damage(std::string message) { note({.message = std::move(message)}); }
    /// What was found of the registry, and how many changes it has had.
    void take_registry(const std::vector<AuditFault>& faults, std::uint64_t change_count);
    /// Nobody has looked for such damage.
    void leave_file_unchecked() { is_file_checked_ = false; }
    /// Up to which position the rows say that they have everything, after all lines.
    void take_projected(std::uint64_t position);

    [[nodiscard]] const std::vector<AuditFault>& faults() const { return faults_; }
    [[nodiscard]] std::uint64_t entry_count() const { return entry_count_; }
    [[nodiscard]] std::size_t instance_count() const { return instances_.size(); }
    [[nodiscard]] std::uint64_t change_count() const { return change_count_; }
    [[nodiscard]] bool is_file_checked() const { return is_file_checked_; }

  private:
    struct Last {
        std::uint64_t sequence = 0;
        std::string hash = {};
        std::string after_hash = {};
    };

    void note(AuditFault fault);
    void check_instance(const LogLine& line, const Entry& entry);

    std::uint64_t position_ = 0;
    std::string chain_ = {};
    std::uint64_t expected_position_ = 0;
    std::string expected_chain_ = {};
    std::unordered_map<std::string, Last> instances_ = {};
    std::uint64_t entry_count_ = 0;
    std::uint64_t change_count_ = 0;
    bool is_file_checked_ = true;
    std::vector<AuditFault> faults_ = {};
};

}  // namespace sillage
