#include "engine/store/entry_json.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/reads.hpp"
#include "engine/store/sqlite/text_list.hpp"

namespace sillage {
namespace {

#define SILLAGE_RECORD_COLUMNS "SELECT kind, id, revision, cluster, lookup, body, at FROM record "

DefinitionRecord definition_in(const Use& row) {
    return DefinitionRecord{.name = row.text(0),
                            .version = row.integer(1),
                            .hash = row.text(2),
                            .source = row.text(3),
                            .published_at = Instant{row.integer(4)}};
}

Result<Record> record_in(const Use& row) {
    SILLAGE_TRY(boost::json::object body, stored_object(row.text(5)));
    return Record{.kind = static_cast<RecordKind>(row.integer(0)),
                  .id = row.text(1),
                  .revision = row.count(2),
                  .cluster = row.text(3),
                  .lookup = row.text(4),
                  .body = std::move(body),
                  .at = Instant{row.integer(6)}};
}

Result<std::optional<Record>> first_of(Use& use) {
    if (!use.step()) {
        return std::nullopt;
    }
    SILLAGE_TRY(Record record, record_in(use));
    return record;
}

}  // namespace

RegistryReads::RegistryReads(SQLite::Database& database)
    : definition_(database,
                  "SELECT name, version, hash, source, published_at FROM definition"
                  " WHERE name = ?1 AND version = ?2"),
      latest_definition_(database,
                         "SELECT name, version, hash, source, published_at FROM definition"
                         " WHERE name = ?1 ORDER BY version DESC LIMIT 1"),
      definitions_(database,
                   "SELECT name, version, hash, source, published_at FROM definition d"
                   " WHERE name > ?1 AND version ="
                   "  (SELECT max(version) FROM definition WHERE name = d.name)"
                   " ORDER BY name LIMIT ?2"),
      record_(database, SILLAGE_RECORD_COLUMNS "WHERE kind = ?1 AND id = ?2 AND revision = ?3"),
      latest_record_(database, SILLAGE_RECORD_COLUMNS "WHERE kind = ?1 AND id = ?2 AND latest = 1"),
      record_by_lookup_(database, SILLAGE_RECORD_COLUMNS
                        "WHERE kind = ?1 AND lookup = ?2 AND lookup <> '' AND latest = 1"),
      records_(database, SILLAGE_RECORD_COLUMNS
               "WHERE kind = ?1 AND id > ?2 AND latest = 1"
               " AND (?3 IS NULL OR cluster IN (SELECT value FROM json_each(?3)))"
               " ORDER BY id LIMIT ?4"),
      answer_(database,
              "SELECT scope, key, request_hash, status, headers, body, at FROM answer"
              " WHERE scope = ?1 AND key = ?2"),
      setting_(database, "SELECT value FROM setting WHERE name = ?1") {}

Result<std::optional<DefinitionRecord>> RegistryReads::definition(
    std::string_view name, std::optional<std::int64_t> version) {
    return guarded([&]() -> Result<std::optional<DefinitionRecord>> {
        if (version) {
            Use use(definition_, name, *version);
            return use.step() ? std::optional(definition_in(use)) : std::nullopt;
        }
        Use use(latest_definition_, name);
        return use.step() ? std::optional(definition_in(use)) : std::nullopt;
    });
}

Result<std::vector<DefinitionRecord>> RegistryReads::definitions(std::string_view after,
                                                                 std::size_t limit) {
    return guarded([&]() -> Result<std::vector<DefinitionRecord>> {
        Use use(definitions_, after, std::uint64_t{limit});
        std::vector<DefinitionRecord> found;
        while (use.step()) {
            found.push_back(definition_in(use));
        }
        return found;
    });
}

Result<std::optional<Record>> RegistryReads::record(RecordKind kind, std::string_view id,
                                                    std::optional<std::uint64_t> revision) {
    return guarded([&] {
        if (revision) {
            Use use(record_, static_cast<int>(kind), id, *revision);
            return first_of(use);
        }
        Use use(latest_record_, static_cast<int>(kind), id);
        return first_of(use);
    });
}

Result<std::optional<Record>> RegistryReads::record_by_lookup(RecordKind kind,
                                                              std::string_view lookup) {
    return guarded([&] {
        Use use(record_by_lookup_, static_cast<int>(kind), lookup);
        return first_of(use);
    });
}

Result<std::vector<Record>> RegistryReads::records(const RecordFilter& filter) {
    const std::optional<std::string> clusters =
        filter.clusters ? std::optional(text_list(*filter.clusters)) : std::nullopt;
    return guarded([&]() -> Result<std::vector<Record>> {
        Use use(records_, static_cast<int>(filter.kind), filter.after, clusters,
                std::uint64_t{filter.limit});
        std::vector<Record> found;
        while (use.step()) {
            SILLAGE_TRY(Record record, record_in(use));
            found.push_back(std::move(record));
        }
        return found;
    });
}

Result<std::optional<StoredAnswer>> RegistryReads::answer(std::string_view scope,
                                                          std::string_view key) {
    return guarded([&]() -> Result<std::optional<StoredAnswer>> {
        Use use(answer_, scope, key);
        if (!use.step()) {
            return std::nullopt;
        }
        StoredAnswer answer{.scope = use.text(0),
                            .key = use.text(1),
                            .request_hash = use.text(2),
                            .status = static_cast<int>(use.integer(3)),
                            .body = use.text(5),
                            .at = Instant{use.integer(6)}};
        SILLAGE_TRY(answer.headers, pairs_of(use.text(4)));
        return answer;
    });
}

Result<std::optional<std::string>> RegistryReads::setting(std::string_view name) {
    return guarded([&]() -> Result<std::optional<std::string>> {
        Use use(setting_, name);
        return use.step() ? std::optional(use.text(0)) : std::nullopt;
    });
}

}  // namespace sillage
