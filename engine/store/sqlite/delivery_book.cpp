#include "engine/store/sqlite/delivery_book.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <boost/json/array.hpp>

#include "engine/base/json.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/folder.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// `SilD`, in SQLite's header.
constexpr std::int64_t application_id = 0x53696C44;
constexpr std::int64_t schema_version = 1;
/// How long a copy waits while a server recovers its WAL.
constexpr int copy_wait_ms = 2'000;
/// Of bodies that one look at what is pending reads.
constexpr std::size_t pending_bytes_max = 4UL * 1024UL * 1024UL;

constexpr const char* schema = R"sql(
CREATE TABLE head (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL,
    number   INTEGER NOT NULL
) STRICT;

CREATE TABLE delivery (
    number         INTEGER PRIMARY KEY,
    webhook        TEXT NOT NULL,
    event          TEXT NOT NULL,
    type           TEXT NOT NULL,
    instance       TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    status         INTEGER NOT NULL,
    attempt_count  INTEGER NOT NULL,
    round_attempts INTEGER NOT NULL,
    next_at        INTEGER NOT NULL,
    ended_at       INTEGER,
    headers        TEXT NOT NULL,
    body           TEXT NOT NULL
) STRICT;
CREATE INDEX delivery_webhook ON delivery (webhook);
CREATE INDEX delivery_pending ON delivery (webhook) WHERE status = 0;
CREATE INDEX delivery_failed ON delivery (webhook) WHERE status = 2;

-- Webhooks of which every attempt has failed since then.
CREATE TABLE failing (
    webhook TEXT NOT NULL PRIMARY KEY,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
    delivery       INTEGER NOT NULL,
    attempt        INTEGER NOT NULL,
    at             INTEGER NOT NULL,
    took           INTEGER NOT NULL,
    status         INTEGER NOT NULL,
    failure        TEXT NOT NULL,
    signature      TEXT NOT NULL,
    answer_headers TEXT NOT NULL,
    answer         TEXT NOT NULL,
    -- Milliseconds of each part; null: it did not come to that.
    name_lookup    INTEGER,
    connect        INTEGER,
    tls            INTEGER,
    wait           INTEGER,
    PRIMARY KEY (delivery, attempt)
) STRICT, WITHOUT ROWID;

PRAGMA application_id = 0x53696C44;
PRAGMA user_version = 1;
)sql";

#define SILLAGE_DELIVERY_COLUMNS                                                         \
    "SELECT number, webhook, event, type, instance, created_at, status, attempt_count, " \
    "round_attempts, next_at, ended_at, headers, body FROM delivery "
/// What every list asks, numbered as `list` binds it.
#define SILLAGE_DELIVERY_CONDITIONS                                                          \
    "(?2 IS NULL OR status = ?2) AND (?3 = '' OR type = ?3) AND (?4 = '' OR instance = ?4) " \
    "AND (?5 = '' OR event = ?5) AND (?6 IS NULL OR created_at >= ?6) "                      \
    "AND (?7 IS NULL OR created_at < ?7) "

std::string lines_text(const std::vector<std::string>& lines) {
    return to_json_text(json::array(lines.begin(), lines.end()));
}

Result<std::vector<std::string>> lines_in(const std::string& text) {
    SILLAGE_TRY(const auto value, parse_json(text));
    std::vector<std::string> lines;
    if (!value.is_array()) {
        return Error{.code = ErrorCode::corrupt, .message = "A delivery's headers are no list."};
    }
    for (const json::value& line : value.get_array()) {
        lines.emplace_back(line.is_string() ? std::string(line.get_string()) : std::string());
    }
    return lines;
}

Result<Delivery> delivery_in(const Use& row) {
    Delivery delivery{.webhook = row.text(1),
                      .event = row.text(2),
                      .type = row.text(3),
                      .instance = row.text(4),
                      .created_at = Instant{row.integer(5)},
                      .body = row.text(12)};
    delivery.progress = {.number = row.count(0),
                         .status = static_cast<DeliveryStatus>(row.integer(6)),
                         .attempt_count = static_cast<std::uint32_t>(row.integer(7)),
                         .round_attempts = static_cast<std::uint32_t>(row.integer(8)),
                         .next_at = Instant{row.integer(9)}};
    if (!row.is_null(10)) {
        delivery.progress.ended_at = Instant{row.integer(10)};
    }
    SILLAGE_TRY(delivery.headers, lines_in(row.text(11)));
    return delivery;
}

std::optional<Duration> part_in(const Use& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(Duration{row.integer(column)});
}

Result<DeliveryAttempt> attempt_in(const Use& row) {
    DeliveryAttempt attempt{.delivery = row.count(0),
                            .attempt = static_cast<std::uint32_t>(row.integer(1)),
                            .at = Instant{row.integer(2)},
                            .took = Duration{row.integer(3)},
                            .status = static_cast<int>(row.integer(4)),
                            .failure = row.text(5),
                            .signature = row.text(6),
                            .answer = row.text(8)};
    attempt.times = {.name_lookup = part_in(row, 9),
                     .connect = part_in(row, 10),
                     .tls = part_in(row, 11),
                     .wait = part_in(row, 12)};
    SILLAGE_TRY(attempt.answer_headers, lines_in(row.text(7)));
    return attempt;
}

template <class Read>
auto all_of(Use& use, const Read& read)
    -> Result<std::vector<std::decay_t<decltype(read(use).value())>>> {
    std::vector<std::decay_t<decltype(read(use).value())>> rows;
    while (use.step()) {
        SILLAGE_TRY(auto row, read(use));
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Its own tables, or none yet. Errors: corrupt, newer_schema.
Result<void> check_schema(SQLite::Database& database) {
    const std::int64_t version = database.execAndGet("PRAGMA user_version").getInt64();
    if (version == 0 && database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt64() == 0) {
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        database.exec(schema);
        transaction.commit();
        return success();
    }
    if (database.execAndGet("PRAGMA application_id").getInt64() != application_id) {
        return Error{.code = ErrorCode::corrupt,
                     .message = "deliveries.db in the data folder is not one of Sillage."};
    }
    if (version > schema_version) {
        return Error{.code = ErrorCode::newer_schema,
                     .message = "deliveries.db was written by a newer version."};
    }
    return success();
}

class Book : public DeliveryBook {
  public:
    explicit Book(SQLite::Database database) : database_(std::move(database)) {}

    Result<DeliveryHead> head() override {
        return guarded([&]() -> Result<DeliveryHead> {
            Use use(head_);
            if (!use.step()) {
                return DeliveryHead{.is_new = true};
            }
            return DeliveryHead{.position = use.count(0), .number = use.count(1)};
        });
    }

    Result<void> write(const DeliveryBatch& batch) override {
        return guarded([&]() -> Result<void> {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            for (const Delivery& delivery : batch.added) {
                add(delivery);
            }
            for (const DeliveryProgress& progress : batch.changed) {
                Use(change_, progress.number, number_of(progress.status),
                    std::int64_t{progress.attempt_count}, std::int64_t{progress.round_attempts},
                    progress.next_at, progress.ended_at)
                    .run();
            }
            for (const DeliveryAttempt& attempt : batch.attempts) {
                add(attempt);
            }
            for (const DeliveryHealth& health : batch.health) {
                if (health.failing_since) {
                    Use(failing_, health.webhook, *health.failing_since).run();
                } else {
                    Use(well_, health.webhook).run();
                }
            }
            const std::uint64_t last = batch.added.empty() ? 0 : batch.added.back().progress.number;
            Use(advance_, batch.position, last).run();
            transaction.commit();
            return success();
        });
    }

    Result<std::vector<Delivery>> pending(std::string_view webhook, std::uint64_t after,
                                          std::size_t limit) override {
        return guarded([&]() -> Result<std::vector<Delivery>> {
            Use use(pending_, webhook, after, static_cast<std::int64_t>(limit));
            std::vector<Delivery> rows;
            for (std::size_t bytes = 0; bytes < pending_bytes_max && use.step();) {
                SILLAGE_TRY(auto row, delivery_in(use));
                bytes += row.body.size();
                rows.push_back(std::move(row));
            }
            return rows;
        });
    }

    Result<std::optional<Instant>> failing_since(std::string_view webhook) override {
        return guarded([&]() -> Result<std::optional<Instant>> {
            Use use(failing_since_, webhook);
            return use.step() ? std::optional(Instant{use.integer(0)}) : std::nullopt;
        });
    }

    Result<std::optional<Delivery>> delivery(std::uint64_t number) override {
        return guarded([&]() -> Result<std::optional<Delivery>> {
            Use use(one_, number);
            if (!use.step()) {
                return std::optional<Delivery>();
            }
            SILLAGE_TRY(auto found, delivery_in(use));
            return std::optional(std::move(found));
        });
    }

    Result<std::vector<Delivery>> deliveries(const DeliveryFilter& filter) override {
        return guarded([&]() -> Result<std::vector<Delivery>> {
            Use use(backward_, filter.webhook,
                    filter.status ? std::optional(number_of(*filter.status)) : std::nullopt,
                    filter.type, filter.instance, filter.event, filter.since, filter.until,
                    filter.after, static_cast<std::int64_t>(filter.limit));
            return all_of(use, delivery_in);
        });
    }

    Result<std::vector<std::uint64_t>> numbers(const DeliveryFilter& filter) override {
        return guarded([&]() -> Result<std::vector<std::uint64_t>> {
            Use use(numbers_, filter.webhook,
                    filter.status ? std::optional(number_of(*filter.status)) : std::nullopt,
                    filter.type, filter.instance, filter.event, filter.since, filter.until,
                    filter.after, static_cast<std::int64_t>(filter.limit));
            std::vector<std::uint64_t> found;
            while (use.step()) {
                found.push_back(use.count(0));
            }
            return found;
        });
    }

    Result<std::vector<DeliveryAttempt>> attempts(std::uint64_t number) override {
        return guarded([&]() -> Result<std::vector<DeliveryAttempt>> {
            Use use(attempts_, number);
            return all_of(use, attempt_in);
        });
    }

    Result<void> give_up(std::string_view webhook, Instant at) override {
        return guarded([&]() -> Result<void> {
            Use(give_up_, webhook, at).run();
            return success();
        });
    }

    Result<std::size_t> prune(Instant before, std::size_t limit) override {
        return guarded([&]() -> Result<std::size_t> {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            Use(prune_attempts_, before, static_cast<std::int64_t>(limit)).run();
            const int count = Use(prune_, before, static_cast<std::int64_t>(limit)).run();
            transaction.commit();
            return static_cast<std::size_t>(count);
        });
    }

  private:
    static std::optional<std::int64_t> milliseconds_of(const std::optional<Duration>& part) {
        return part ? std::optional(part->milliseconds) : std::nullopt;
    }

    static std::int64_t number_of(DeliveryStatus status) {
        return static_cast<std::int64_t>(status);
    }

    void add(const Delivery& delivery) {
        const DeliveryProgress& progress = delivery.progress;
        const std::string headers = lines_text(delivery.headers);
        Use(insert_, progress.number, delivery.webhook, delivery.event, delivery.type,
            delivery.instance, delivery.created_at, number_of(progress.status),
            std::int64_t{progress.attempt_count}, std::int64_t{progress.round_attempts},
            progress.next_at, progress.ended_at, headers, delivery.body)
            .run();
    }

    void add(const DeliveryAttempt& attempt) {
        const std::string headers = lines_text(attempt.answer_headers);
        Use(insert_attempt_, attempt.delivery, std::int64_t{attempt.attempt}, attempt.at,
            attempt.took.milliseconds, attempt.status, attempt.failure, attempt.signature, headers,
            attempt.answer, milliseconds_of(attempt.times.name_lookup),
            milliseconds_of(attempt.times.connect), milliseconds_of(attempt.times.tls),
            milliseconds_of(attempt.times.wait))
            .run();
    }

    SQLite::Database database_;
    SQLite::Statement head_{database_, "SELECT position, number FROM head"};
    SQLite::Statement advance_{
        database_,
        "INSERT INTO head (one, position, number) VALUES (1, ifnull(?1, 0), ?2) ON CONFLICT (one) "
        "DO UPDATE SET position = ifnull(?1, position), number = max(number, ?2)"};
    SQLite::Statement insert_{
        database_, "INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    SQLite::Statement insert_attempt_{
        database_, "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    SQLite::Statement change_{
        database_,
        "UPDATE delivery SET status = ?2, attempt_count = ?3, round_attempts = ?4, next_at = ?5, "
        "ended_at = ?6 WHERE number = ?1"};
    SQLite::Statement pending_{database_, SILLAGE_DELIVERY_COLUMNS
                               "INDEXED BY delivery_pending WHERE webhook = ? AND status = 0 AND "
                               "number > ? ORDER BY number LIMIT ?"};
    SQLite::Statement failing_since_{database_, "SELECT since FROM failing WHERE webhook = ?"};
    SQLite::Statement failing_{
        database_,
        "INSERT INTO failing VALUES (?1, ?2) ON CONFLICT (webhook) DO UPDATE SET since = ?2"};
    SQLite::Statement well_{database_, "DELETE FROM failing WHERE webhook = ?"};
    SQLite::Statement one_{database_, SILLAGE_DELIVERY_COLUMNS "WHERE number = ?"};
    SQLite::Statement backward_{database_, SILLAGE_DELIVERY_COLUMNS
                                "WHERE webhook = ?1 AND " SILLAGE_DELIVERY_CONDITIONS
                                "AND (?8 = 0 OR number < ?8) ORDER BY number DESC LIMIT ?9"};
    SQLite::Statement numbers_{database_,
                               "SELECT number FROM delivery "
                               "WHERE webhook = ?1 AND " SILLAGE_DELIVERY_CONDITIONS
                               "AND number > ?8 ORDER BY number LIMIT ?9"};
    SQLite::Statement attempts_{
        database_,
        "SELECT delivery, attempt, at, took, status, failure, signature, answer_headers, answer, "
        "name_lookup, connect, tls, wait FROM attempt WHERE delivery = ? ORDER BY attempt"};
    SQLite::Statement give_up_{database_,
                               "UPDATE delivery SET status = 2, ended_at = ?2 WHERE webhook = ?1 "
                               "AND status = 0"};
    SQLite::Statement prune_attempts_{
        database_,
        "DELETE FROM attempt WHERE delivery IN (SELECT number FROM (SELECT number, created_at "
        "FROM delivery ORDER BY number LIMIT ?2) WHERE created_at < ?1)"};
    SQLite::Statement prune_{
        database_,
        "DELETE FROM delivery WHERE number IN (SELECT number FROM (SELECT number, created_at "
        "FROM delivery ORDER BY number LIMIT ?2) WHERE created_at < ?1)"};
};

SQLite::Database open_file(const std::filesystem::path& file) {
    // Nobody but the server's user: it holds what companies do.
    const mode_t before = ::umask(S_IRWXG | S_IRWXO);
    SQLite::Database database(file.string(),
                              SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
    ::umask(before);
    sqlite3_extended_result_codes(database.getHandle(), 1);
    return database;
}

}  // namespace

Result<std::unique_ptr<DeliveryBook>> SqliteDeliveryBook::open(const std::filesystem::path& file) {
    return guarded([&]() -> Result<std::unique_ptr<DeliveryBook>> {
        SQLite::Database database = open_file(file);
        SILLAGE_TRY(configure_writer(database));
        // One connection has the file, so that SQLite may checkpoint by itself.
        database.exec("PRAGMA wal_autocheckpoint = 4000");
        SILLAGE_TRY(check_schema(database));
        return std::unique_ptr<DeliveryBook>(std::make_unique<Book>(std::move(database)));
    });
}

Result<void> copy_book(const std::filesystem::path& from, const std::filesystem::path& to,
                       std::uint64_t position) {
    if (!std::filesystem::exists(from / delivery_file)) {
        return success();
    }
    const std::string copy = (to / delivery_file).string();
    SILLAGE_TRY(guarded([&]() -> Result<void> {
        SQLite::Database source((from / delivery_file).string(), SQLite::OPEN_READONLY,
                                copy_wait_ms);
        // Where a server has the file, its connection alone checkpoints it.
        sqlite3_db_config(source.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        SQLite::Statement vacuum(source, "VACUUM INTO ?1");
        Use(vacuum, copy).run();
        SQLite::Database made = open_file(copy);
        SQLite::Statement clamp(made, "UPDATE head SET position = min(position, ?1)");
        Use(clamp, position).run();
        return success();
    }));
    std::filesystem::permissions(
        copy, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return sync_file(copy);
}

}  // namespace sillage
