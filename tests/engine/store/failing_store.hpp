#pragma once

#include <cstddef>
#include <memory>

#include "engine/store/store.hpp"

namespace sillage::test {

/// What happens to the n-th write; appends, puts, settings and commits are counted.
struct PowerLoss {
    std::size_t at = 0;
    /// A commit that fails may have reached the disk all the same.
    bool commit_is_kept = false;
    std::size_t write_count = 0;

    [[nodiscard]] bool strikes() { return ++write_count == at; }
    [[nodiscard]] bool has_struck() const { return write_count >= at; }
};

/// A store whose n-th write fails. Reading and everything before go through to the real one.
class FailingStore final : public Store {
  public:
    FailingStore(Store& store, PowerLoss& loss) : store_(store), loss_(loss) {}

    Result<std::unique_ptr<ReadView>> read() override { return store_.read(); }
    Result<std::unique_ptr<Transaction>> begin() override;
    Result<void> ready() override { return store_.ready(); }
    std::uint64_t registry_revision() const override { return store_.registry_revision(); }
    Result<std::uint64_t> watch(DurableWitness witness) override {
        return store_.watch(std::move(witness));
    }

  private:
    Store& store_;
    PowerLoss& loss_;
};

}  // namespace sillage::test
