#include "engine/store/sqlite/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/fault.hpp"
#include "engine/store/sqlite/connection.hpp"

// The tables. A migration that was released never changes; the next one is added below it. Instants
// are milliseconds since 1970.

namespace sillage {
namespace {

/// `Sill`, in SQLite's header: what a foreign database does not have.
constexpr std::int64_t application_id = 0x53696C6C;

/// Schemas up to this one were never released.
constexpr std::int64_t pre_release_version = 2;

constexpr std::array migrations{
    R"sql(
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE definition (
    name         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    hash         TEXT NOT NULL,
    source       TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (name, version)
) STRICT;

-- All revisions; `latest` marks the one that stands for the record.
CREATE TABLE record (
    kind     INTEGER NOT NULL,
    id       TEXT NOT NULL,
    revision INTEGER NOT NULL,
    latest   INTEGER NOT NULL,
    cluster  TEXT NOT NULL,
    lookup   TEXT NOT NULL,
    search   TEXT NOT NULL,
    body     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (kind, id, revision)
) STRICT;
CREATE UNIQUE INDEX record_latest ON record (kind, id) WHERE latest = 1;
CREATE UNIQUE INDEX record_lookup ON record (kind, lookup) WHERE latest = 1 AND lookup <> '';

CREATE TABLE instance (
    id            TEXT NOT NULL PRIMARY KEY,
    workflow      TEXT NOT NULL,
    version       INTEGER NOT NULL,
    company       TEXT NOT NULL,
    cohort        TEXT NOT NULL,
    cluster       TEXT NOT NULL,
    key           TEXT NOT NULL,
    sequence      INTEGER NOT NULL,
    stage         TEXT NOT NULL,
    states        TEXT NOT NULL,
    waiting_for   TEXT NOT NULL,
    next_deadline INTEGER,
    overdue       INTEGER NOT NULL,
    done          INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    -- Pending timers, and one that fires no later than the first of them: timer_window.hpp.
    timers        TEXT NOT NULL,
    wake_due      INTEGER,
    wake_started  INTEGER,
    wake_state    INTEGER,
    wake_timer    INTEGER,
    -- Where in the log its latest entries are: positions.hpp.
    recent        TEXT NOT NULL,
    snapshot      TEXT NOT NULL,
    head          TEXT NOT NULL,
    parent        TEXT NOT NULL,
    invoke        TEXT NOT NULL,
    serial        INTEGER NOT NULL,
    ancestors     TEXT NOT NULL,
    fragment      TEXT NOT NULL,
    document      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX instance_key ON instance (key, workflow) WHERE key <> '';
CREATE INDEX instance_cohort ON instance (cohort, id);
CREATE INDEX instance_company ON instance (company, id);
CREATE INDEX instance_cluster ON instance (cluster, id);
CREATE INDEX instance_stage ON instance (stage, id);
CREATE UNIQUE INDEX instance_child ON instance (parent, serial) WHERE parent <> '';
CREATE INDEX instance_wake ON instance (wake_due, wake_started, wake_state, wake_timer, id)
    WHERE wake_due IS NOT NULL;

-- The log: what alone is synced. `body` is what `hash` is of, `payload` and `salt` may be erased.
-- Every other table of instances follows from it, and may lag behind (setting `projected`).
CREATE TABLE entry (
    position INTEGER PRIMARY KEY,
    body     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    salt     TEXT NOT NULL,
    hash     TEXT NOT NULL,
    chain    TEXT NOT NULL
) STRICT;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER entry_is_final BEFORE UPDATE OF position, body, hash, chain ON entry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- Where in the log an instance's older entries are, by the sequence of the first in a block.
CREATE TABLE history (
    instance  TEXT NOT NULL,
    sequence  INTEGER NOT NULL,
    positions TEXT NOT NULL,
    PRIMARY KEY (instance, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
    scope        TEXT NOT NULL,
    key          TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status       INTEGER NOT NULL,
    headers      TEXT NOT NULL,
    body         TEXT NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX answer_at ON answer (at);

PRAGMA application_id = 0x53696C6C;
)sql",
    // Every revision of a record has its place in a chain of all; those of before have none.
    R"sql(
ALTER TABLE record ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN chain TEXT NOT NULL DEFAULT '';
CREATE INDEX record_change ON record (change, kind, id, revision);
INSERT INTO setting (name, value) SELECT 'registry_uncounted', count(*) FROM record;
CREATE TRIGGER record_stays BEFORE DELETE ON record
    BEGIN SELECT RAISE(ABORT, 'the registry is append-only'); END;
CREATE TRIGGER record_is_final
    BEFORE UPDATE OF kind, id, revision, cluster, lookup, body, at, change, chain ON record
    BEGIN SELECT RAISE(ABORT, 'the registry is append-only'); END;
)sql"};

std::int64_t number(SQLite::Database& database, const char* question) {
    return database.execAndGet(question).getInt64();
}

}  // namespace

std::int64_t schema_version() {
    return pre_release_version + static_cast<std::int64_t>(migrations.size());
}

Result<void> check_schema_version(SQLite::Database& database) {
    return guarded([&]() -> Result<void> {
        const std::int64_t found = number(database, "PRAGMA user_version");
        if (found == 0 && number(database, "SELECT count(*) FROM sqlite_schema") == 0) {
            return success();
        }
        if (number(database, "PRAGMA application_id") != application_id) {
            return Error{.code = ErrorCode::corrupt,
                         .message = "The database in the data folder is not one of Sillage."};
        }
        if (found <= pre_release_version) {
            return Error{.code = ErrorCode::corrupt,
                         .message =
                             "The data folder was written before the first release, whose "
                             "log this program cannot read."};
        }
        if (found > schema_version()) {
            return Error{
                .code = ErrorCode::newer_schema,
                .message = fmt::format("The data folder has schema {}, this program knows up to "
                                       "{}: start the version that wrote it, or a newer one.",
                                       found, schema_version())};
        }
        return success();
    });
}

Result<void> migrate(SQLite::Database& database) { return migrate(database, migrations); }

Result<void> migrate(SQLite::Database& database, std::span<const char* const> steps) {
    return guarded([&]() -> Result<void> {
        const std::int64_t newest = pre_release_version + static_cast<std::int64_t>(steps.size());
        std::int64_t version =
            std::max(number(database, "PRAGMA user_version"), pre_release_version);
        while (version < newest) {
            SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
            database.exec(steps[static_cast<std::size_t>(version - pre_release_version)]);
            ++version;
            database.exec(fmt::format("PRAGMA user_version = {}", version));
            crash_point(CrashPoint::mid_migration);
            transaction.commit();
        }
        return success();
    });
}

}  // namespace sillage
