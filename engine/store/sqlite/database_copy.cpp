#include "engine/store/sqlite/database_copy.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/writes.hpp"

// One transaction that reads everything would hold the WAL open, and growing, for as long as that
// takes. So it is read in slices, each a transaction of its own, and what is written meanwhile is
// put right as after a crash: by the log. In this order:
//
//   log up to now - `projected` - instances, by slices - log up to now - the rest of all, at once
//
// A slice has what follows from the log of its instances as of one moment. The log is read after
// it, so that it has every entry that any slice knows of. The tables have all up to `projected`, as
// it was before the first slice; what came later, a start restores from the log, and leaves alone
// what it finds there already. Definitions, records and answers are of the same moment as the end
// of the log.

namespace sillage {
namespace {

/// Rows read in one transaction: a megabyte or so, which takes some ten milliseconds.
constexpr int slice_rows = 256;
/// How long to wait while a server recovers its WAL: connection.cpp has the same for readers.
constexpr int wait_ms = 2'000;

/// A table that follows from the log, and its column of the instance's id.
struct Projection {
    const char* table;
    const char* instance;
};
/// The first has each instance once.
constexpr std::array projections{Projection{"instance", "id"}, Projection{"history", "instance"}};
constexpr const char* log_table = "entry";

/// As `ATTACH` wants it: what means something in a URI is escaped.
std::string read_only_uri(const std::filesystem::path& path) {
    std::string uri = "file:";
    for (const char c : path.string()) {
        uri += c == '%' || c == '?' || c == '#'
                   ? fmt::format("%{:02X}", static_cast<unsigned int>(c))
                   : std::string(1, c);
    }
    return uri + "?mode=ro";
}

/// Throws SQLite::Exception.
class Copy {
  public:
    Copy(const std::filesystem::path& from, const std::filesystem::path& to)
        : database_(to.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_URI, wait_ms) {
        sqlite3_extended_result_codes(database_.getHandle(), 1);
        sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        // Nothing of it counts before it is whole, and its caller syncs it.
        database_.exec("PRAGMA main.journal_mode = OFF; PRAGMA main.synchronous = OFF");
        database_.exec("PRAGMA trusted_schema = OFF");
        const std::string uri = read_only_uri(from);
        SQLite::Statement attach(database_, "ATTACH ?1 AS source");
        Use(attach, uri).run();
    }

    void run() {
        make("sql LIKE 'CREATE TABLE%'");
        copy_log();
        const std::string projected = text(
            "SELECT coalesce(max(value), '0') FROM source.setting"
            " WHERE name = ?1",
            projected_setting);
        for (std::string last; copy_slice(last);) {
        }
        copy_log();
        copy_rest(projected);
        make("sql NOT LIKE 'CREATE TABLE%'");
        for (const char* const pragma : {"user_version", "application_id"}) {
            const std::string value = text(fmt::format("PRAGMA source.{}", pragma));
            database_.exec(fmt::format("PRAGMA main.{} = {}", pragma, value));
        }
    }

  private:
    template <class... Values>
    std::string text(const std::string& question, const Values&... values) {
        SQLite::Statement statement(database_, question);
        Use use(statement, values...);
        return use.step() ? use.text(0) : std::string();
    }

    template <class... Values>
    int change(const std::string& command, const Values&... values) {
        SQLite::Statement statement(database_, command);
        return Use(statement, values...).run();
    }

    std::vector<std::string> names(const std::string& question) {
        std::vector<std::string> found;
        SQLite::Statement statement(database_, question);
        for (Use use(statement); use.step();) {
            found.push_back(use.text(0));
        }
        return found;
    }

    /// What SQLite makes by itself has no SQL.
    void make(const std::string& which) {
        for (const std::string& sql : names("SELECT sql FROM source.sqlite_schema"
                                            " WHERE sql IS NOT NULL AND " +
                                            which)) {
            database_.exec(sql);
        }
    }

    std::string last_of_log(const char* schema) {
        return text(fmt::format("SELECT coalesce(max(position), 0) FROM {}.{}", schema, log_table));
    }

    /// Up to where it ends now; whatever comes meanwhile is left for later.
    void copy_log() {
        const std::string end = last_of_log("source");
        const std::string command = fmt::format(
            "INSERT INTO main.{0} SELECT * FROM source.{0} WHERE position > ?1 + 0"
            " AND position <= ?2 + 0 ORDER BY position LIMIT ?3",
            log_table);
        while (change(command, last_of_log("main"), end, slice_rows) > 0) {
        }
    }

    /// The instances after an id, which moves on. Gives whether there were some.
    bool copy_slice(std::string& last) {
        SQLite::Transaction transaction(database_);
        const auto& [table, id] = projections.front();
        const std::string end =
            text(fmt::format("SELECT coalesce(max({0}), '') FROM (SELECT {0} FROM source.{1}"
                             " WHERE {0} > ?1 ORDER BY {0} LIMIT ?2)",
                             id, table),
                 last, slice_rows);
        if (end.empty()) {
            return false;
        }
        for (const Projection& one : projections) {
            change(fmt::format("INSERT INTO main.{0} SELECT * FROM source.{0}"
                               " WHERE {1} > ?1 AND {1} <= ?2 ORDER BY {1}",
                               one.table, one.instance),
                   last, end);
        }
        transaction.commit();
        last = end;
        return true;
    }

    void copy_rest(const std::string& projected) {
        const std::vector<std::string> tables = names(
            "SELECT name FROM source.sqlite_schema WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_%'");
        SQLite::Transaction transaction(database_);
        change(fmt::format("INSERT INTO main.{0} SELECT * FROM source.{0}"
                           " WHERE position > ?1 + 0 ORDER BY position",
                           log_table),
               last_of_log("main"));
        for (const std::string& table : tables) {
            const bool is_copied =
                table == log_table ||
                std::ranges::find(projections, table, &Projection::table) != projections.end();
            if (!is_copied) {
                change(fmt::format("INSERT INTO main.{0} SELECT * FROM source.{0}", table));
            }
        }
        change("INSERT OR REPLACE INTO main.setting (name, value) VALUES (?1, ?2)",
               projected_setting, projected);
        transaction.commit();
    }

    SQLite::Database database_;
};

}  // namespace

Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
    return guarded([&]() -> Result<void> {
        Copy(from, to).run();
        return success();
    });
}

}  // namespace sillage
