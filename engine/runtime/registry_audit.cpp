#include "engine/runtime/registry_audit.hpp"

#include <fmt/format.h>

#include "engine/store/entry_json.hpp"

namespace sillage {

void RegistryAudit::note(const std::string& what, std::uint64_t number, std::string message) {
    if (faults_.size() < audit_faults_max) {
        faults_.push_back({.instance = what, .sequence = number, .message = std::move(message)});
    }
}

void RegistryAudit::take(const RegistryLine& line) {
    std::uint64_t& revision = revisions_[{line.kind, line.id}];
    if (line.revision != revision + 1) {
        note(line.id, line.revision, fmt::format("It does not follow revision {}.", revision));
    }
    revision = line.revision;
    if (line.change == 0) {
        ++uncounted_;
    } else {
        check_place(line);
    }
}

void RegistryAudit::check_place(const RegistryLine& line) {
    ++change_count_;
    for (std::uint64_t missing = change_ + 1;
         missing < line.change && faults_.size() < audit_faults_max; ++missing) {
        note("registry", missing, "It is missing.");
    }
    if (line.change == change_) {
        note(line.id, line.revision, "Another record has its place in the registry.");
    }
    if (line.chain != chain_hash(chain_, registry_hash(line))) {
        note(line.id, line.revision,
             "It does not continue the chain: it, or the change before it, is another.");
    }
    change_ = line.change;
    chain_ = line.chain;
    if (change_ == claim_.change && chain_ != claim_.chain) {
        note(line.id, line.revision, "It is not the change that the registry ended with once.");
    }
}

void RegistryAudit::finish() {
    if (claim_.change > change_) {
        note("registry", change_ + 1,
             fmt::format("It is missing, and all up to {}.", claim_.change));
    }
    if (uncounted_ != claim_.uncounted) {
        note("registry", 0,
             fmt::format("{} revisions have no place in the chain; there were {}.", uncounted_,
                         claim_.uncounted));
    }
}

}  // namespace sillage
