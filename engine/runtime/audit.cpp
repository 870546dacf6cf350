#include "engine/runtime/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/hash.hpp"
#include "engine/store/entry_json.hpp"

namespace sillage {

void Audit::note(AuditFault fault) {
    if (faults_.size() < audit_faults_max) {
        faults_.push_back(std::move(fault));
    }
}

void Audit::expect_end(std::uint64_t position, std::string chain) {
    expected_position_ = position;
    expected_chain_ = std::move(chain);
}

void Audit::take(const LogLine& line) {
    const auto fault = [&](std::string message) {
        note({.position = line.position, .message = std::move(message)});
    };
    ++entry_count_;
    for (std::uint64_t missing = position_ + 1;
         missing < line.position && faults_.size() < audit_faults_max; ++missing) {
        note({.position = missing, .message = "It is missing."});
    }
    position_ = line.position;
    const bool continues = line.chain == chain_hash(chain_, line.hash);
    chain_ = line.chain;
    if (position_ == expected_position_ && chain_ != expected_chain_) {
        fault("It is not the entry that the log ended with once.");
    }
    const Result<Entry> read = entry_from_text(line.body, {});
    if (!read) {
        fault("It cannot be read: " + read.error().message);
        return;
    }
    const Entry& entry = read.value();
    const auto fault_of_entry = [&](std::string message) {
        note({.position = line.position,
              .instance = entry.instance,
              .sequence = entry.sequence,
              .message = std::move(message)});
    };
    if (line.hash != sha256_hex(line.body)) {
        fault_of_entry("It does not have the hash of its content.");
    }
    if (line.payload.empty()) {
        fault_of_entry("Its payload is gone.");
    } else if (entry.payload_hash != sha256_hex(line.salt + line.payload)) {
        fault_of_entry("Its payload is not the one that its hash is of.");
    }
    if (!continues) {
        fault_of_entry("It does not continue the chain: it, or the entry before it, is another.");
    }
    check_instance(line, entry);
}

void Audit::check_instance(const LogLine& line, const Entry& entry) {
    Last& last = instances_[entry.instance];
    if (entry.sequence != last.sequence + 1 || entry.previous_hash != last.hash) {
        note({.position = line.position,
              .instance = entry.instance,
              .sequence = entry.sequence,
              .message =
                  fmt::format("It does not follow entry {} of its instance.", last.sequence)});
    }
    last = {.sequence = entry.sequence, .hash = line.hash, .after_hash = entry.after_hash};
}

void Audit::take(const InstanceHead& head) {
    const auto found = instances_.find(head.instance);
    const Last last = found == instances_.end() ? Last{} : found->second;
    if (head.sequence > last.sequence) {
        note({.instance = head.instance,
              .sequence = last.sequence + 1,
              .message = fmt::format("The log ends after entry {} of the instance, which had {}.",
                                     last.sequence, head.sequence)});
    } else if (head.sequence == last.sequence && head.head != last.hash) {
        note({.instance = head.instance,
              .sequence = last.sequence,
              .message = "The instance's last entry is not the one that it knows."});
    } else if (head.sequence == last.sequence && head.snapshot_hash != last.after_hash) {
        // A row that is behind is brought up by a start, which compares this hash, too.
        note({.instance = head.instance,
              .sequence = last.sequence,
              .message = "The instance's stored state is not the one that this entry left."});
    }
}

void Audit::take_registry(const std::vector<AuditFault>& faults, std::uint64_t change_count) {
    change_count_ = change_count;
    for (const AuditFault& fault : faults) {
        note(fault);
    }
}

void Audit::take_projected(std::uint64_t position) {
    const std::uint64_t end = std::max(position, expected_position_);
    if (end > position_) {
        note({.position = position_ + 1,
              .message = fmt::format("It is missing, and all up to {}.", end)});
    }
}

}  // namespace sillage
