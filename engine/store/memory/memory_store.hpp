#pragma once

#include <memory>

#include "engine/store/store.hpp"

namespace sillage {

struct MemoryState;

/// A store that forgets: for tests, simulations and programs that embed the engine without a disk.
/// A transaction works on a copy of the table of contents (a pointer for every row), so that
/// views keep what they saw and a dropped transaction leaves nothing.
class MemoryStore final : public Store {
  public:
    MemoryStore();
    ~MemoryStore() override;

    [[nodiscard]] Result<std::unique_ptr<ReadView>> read() override;
    /// Errors: unavailable: another transaction is open.
    [[nodiscard]] Result<std::unique_ptr<Transaction>> begin() override;
    [[nodiscard]] Result<void> ready() override;
    [[nodiscard]] std::uint64_t registry_revision() const override;
    [[nodiscard]] Result<std::uint64_t> watch(DurableWitness witness) override;

  private:
    std::shared_ptr<const MemoryState> committed_;
    /// While a transaction is open, it holds the other end.
    std::weak_ptr<void> open_;
    DurableWitness witness_;
};

}  // namespace sillage
