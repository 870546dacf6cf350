#include "tests/engine/store/failing_store.hpp"

namespace sillage::test {
namespace {

Error lost() { return Error{.code = ErrorCode::storage_failed, .message = "The power is gone."}; }

class FailingTransaction final : public Transaction {
  public:
    FailingTransaction(std::unique_ptr<Transaction> real, PowerLoss& loss)
        : real_(std::move(real)), loss_(loss) {}

    Result<std::optional<InstanceRecord>> instance(std::string_view id) override {
        return real_->instance(id);
    }
    Result<std::optional<InstanceRecord>> instance_by_key(std::string_view workflow,
                                                          std::string_view key) override {
        return real_->instance_by_key(workflow, key);
    }
    Result<std::optional<InstanceRecord>> child(std::string_view parent,
                                                std::uint64_t serial) override {
        return real_->child(parent, serial);
    }
    Result<std::vector<InstanceRecord>> instances(const InstanceFilter& filter) override {
        return real_->instances(filter);
    }
    Result<std::vector<Entry>> entries(std::string_view instance, std::uint64_t sequence,
                                       std::size_t limit) override {
        return real_->entries(instance, sequence, limit);
    }
    Result<std::vector<Entry>> log(std::uint64_t position, std::size_t limit) override {
        return real_->log(position, limit);
    }
    Result<std::optional<DefinitionRecord>> definition(
        std::string_view name, std::optional<std::int64_t> version) override {
        return real_->definition(name, version);
    }
    Result<std::vector<DefinitionRecord>> definitions(std::string_view after,
                                                      std::size_t limit) override {
        return real_->definitions(after, limit);
    }
    Result<std::optional<Record>> record(RecordKind kind, std::string_view id,
                                         std::optional<std::uint64_t> revision) override {
        return real_->record(kind, id, revision);
    }
    Result<std::optional<Record>> record_by_lookup(RecordKind kind,
                                                   std::string_view lookup) override {
        return real_->record_by_lookup(kind, lookup);
    }
    Result<std::vector<Record>> records(const RecordFilter& filter) override {
        return real_->records(filter);
    }
    Result<DueTimers> due_timers(Instant until, std::size_t limit) override {
        return real_->due_timers(until, limit);
    }
    Result<std::optional<Instant>> next_due() override { return real_->next_due(); }
    Result<std::optional<StoredAnswer>> answer(std::string_view scope,
                                               std::string_view key) override {
        return real_->answer(scope, key);
    }
    Result<std::optional<std::string>> setting(std::string_view name) override {
        return real_->setting(name);
    }

    Result<void> append(InstanceWrite write) override {
        return loss_.strikes() ? lost() : real_->append(std::move(write));
    }
    Result<void> put(const DefinitionRecord& definition) override {
        return loss_.strikes() ? lost() : real_->put(definition);
    }
    Result<void> put(const Record& record) override {
        return loss_.strikes() ? lost() : real_->put(record);
    }
    Result<void> put(const StoredAnswer& answer) override {
        return loss_.strikes() ? lost() : real_->put(answer);
    }
    Result<void> prune_answers(Instant before, std::size_t limit) override {
        return loss_.strikes() ? lost() : real_->prune_answers(before, limit);
    }
    Result<void> set(std::string_view setting, std::string_view value) override {
        return loss_.strikes() ? lost() : real_->set(setting, value);
    }
    Result<void> commit() override {
        if (!loss_.strikes()) {
            return real_->commit();
        }
        if (loss_.commit_is_kept) {
            SILLAGE_TRY(real_->commit());
        }
        return lost();
    }

  private:
    std::unique_ptr<Transaction> real_;
    PowerLoss& loss_;
};

}  // namespace

Result<std::unique_ptr<Transaction>> FailingStore::begin() {
    SILLAGE_TRY(auto real, store_.begin());
    return std::make_unique<FailingTransaction>(std::move(real), loss_);
}

}  // namespace sillage::test
