#include "engine/store/sqlite/sqlite_store.hpp"

#include <sqlite3.h>

#include <utility>
#include <vector>

#include "engine/base/assert.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/folder.hpp"
#include "engine/store/sqlite/reads.hpp"
#include "engine/store/sqlite/writer.hpp"

namespace sillage {
namespace {

/// Views open at once, each with a connection of its own. Chosen: the engine's one thread needs
/// one or two; more are a leak.
constexpr std::size_t views_max = 8;

/// A read-only connection and what it is asked.
struct Connection {
    explicit Connection(const std::filesystem::path& path)
        : database(open_reader(path)),
          reads(database),
          begin(database, "BEGIN"),
          pin(database, "SELECT 1 FROM setting LIMIT 1"),
          end(database, "COMMIT") {}

    SQLite::Database database;
    Reads reads;
    SQLite::Statement begin;
    /// A transaction sees what was committed before its first read, so one is made at once.
    SQLite::Statement pin;
    SQLite::Statement end;
};

struct Pool {
    std::vector<std::unique_ptr<Connection>> idle = {};
    std::size_t lent_count = 0;
};

class SqliteView final : public Reading<ReadView> {
  public:
    SqliteView(std::unique_ptr<Connection> connection, Pool& pool)
        : Reading(connection->reads), connection_(std::move(connection)), pool_(pool) {
        ++pool_.lent_count;
    }
    ~SqliteView() override {
        --pool_.lent_count;
        const int code = connection_->end.tryExecuteStep();
        connection_->end.tryReset();
        // One that does not end its transaction is closed, which ends it too.
        if (code == SQLITE_DONE) {
            pool_.idle.push_back(std::move(connection_));
        }
    }
    SqliteView(const SqliteView&) = delete;
    SqliteView& operator=(const SqliteView&) = delete;

  private:
    std::unique_ptr<Connection> connection_;
    Pool& pool_;
};

class SqliteTransaction final : public Reading<Transaction> {
  public:
    explicit SqliteTransaction(Writer& writer) : Reading(writer.reads()), writer_(writer) {}
    ~SqliteTransaction() override {
        if (!ended_) {
            writer_.roll_back();
        }
    }
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;

    Result<void> append(const InstanceWrite& write) override {
        return writer_.write([&](Writes& writes) { return writes.append(write); });
    }
    Result<void> put(const DefinitionRecord& definition) override {
        return writer_.write([&](Writes& writes) { return writes.put(definition); });
    }
    Result<void> put(const Record& record) override {
        return writer_.write([&](Writes& writes) { return writes.put(record); });
    }
    Result<void> put(const StoredAnswer& answer) override {
        return writer_.write([&](Writes& writes) { return writes.put(answer); });
    }
    Result<void> prune_answers(Instant before, std::size_t limit) override {
        return writer_.write([&](Writes& writes) { return writes.prune_answers(before, limit); });
    }
    Result<void> set(std::string_view setting, std::string_view value) override {
        return writer_.write([&](Writes& writes) { return writes.set(setting, value); });
    }
    Result<void> commit() override {
        SILLAGE_ASSERT(!ended_);
        ended_ = true;
        return writer_.commit();
    }

  private:
    Writer& writer_;
    bool ended_ = false;
};

}  // namespace

struct SqliteStore::Parts {
    explicit Parts(LockedFolder locked) : folder(std::move(locked)), writer(folder.database()) {}

    LockedFolder folder;
    Writer writer;
    /// Closed before the writer, which then empties the WAL.
    Pool pool;
};

SqliteStore::SqliteStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteOptions& options) {
    SILLAGE_TRY(LockedFolder folder, LockedFolder::open(options.folder));
    return guarded([&]() -> Result<std::unique_ptr<SqliteStore>> {
        auto parts = std::make_unique<Parts>(std::move(folder));
        SILLAGE_TRY(parts->writer.prepare());
        return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(parts)));
    });
}

Result<std::unique_ptr<ReadView>> SqliteStore::read() {
    Pool& pool = parts_->pool;
    if (pool.lent_count == views_max) {
        return Error{.code = ErrorCode::unavailable, .message = "Too many views are open."};
    }
    return guarded([&]() -> Result<std::unique_ptr<ReadView>> {
        std::unique_ptr<Connection> connection;
        if (pool.idle.empty()) {
            connection = std::make_unique<Connection>(parts_->folder.database());
        } else {
            connection = std::move(pool.idle.back());
            pool.idle.pop_back();
        }
        Use(connection->begin).run();
        static_cast<void>(Use(connection->pin).step());
        return std::make_unique<SqliteView>(std::move(connection), pool);
    });
}

Result<std::unique_ptr<Transaction>> SqliteStore::begin() {
    SILLAGE_TRY(parts_->writer.begin());
    return std::make_unique<SqliteTransaction>(parts_->writer);
}

Result<void> SqliteStore::ready() { return parts_->writer.ready(); }

}  // namespace sillage
