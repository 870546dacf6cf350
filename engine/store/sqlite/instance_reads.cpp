#include <algorithm>
#include <boost/json/array.hpp>
#include <limits>

#include "engine/base/json.hpp"
#include "engine/store/search_text.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/reads.hpp"
#include "engine/store/sqlite/text_list.hpp"

namespace sillage {
namespace {

static_assert(static_cast<int>(RecordKind::company) == 1, "the lists below say kind = 1");

#define SILLAGE_INSTANCE_COLUMNS                                                             \
    "SELECT i.id, i.workflow, i.version, i.company, i.cohort, i.cluster, i.key, i.sequence," \
    " i.stage, i.states, i.waiting_for, i.next_deadline, i.overdue, i.done, i.started_at,"   \
    " i.updated_at, i.snapshot, i.head, i.parent, i.invoke, i.serial, i.ancestors,"          \
    " i.fragment, i.document FROM instance i "

// Every list has the same parameters and conditions; what differs is the index it is found by.
#define SILLAGE_INSTANCE_CONDITIONS                                                          \
    " AND i.id > ?1"                                                                         \
    " AND (?2 = '' OR i.workflow = ?2)"                                                      \
    " AND (?3 IS NULL OR i.version = ?3)"                                                    \
    " AND (?4 = '' OR i.cohort = ?4)"                                                        \
    " AND (?5 = '' OR i.cluster = ?5)"                                                       \
    " AND (?6 = '' OR i.company = ?6)"                                                       \
    " AND (?7 = '' OR i.stage = ?7)"                                                         \
    " AND (?8 = '' OR EXISTS (SELECT 1 FROM json_each(i.states) s WHERE s.value = ?8))"      \
    " AND (?9 = '' OR EXISTS (SELECT 1 FROM json_each(i.waiting_for) w WHERE w.value = ?9))" \
    " AND (?10 IS NULL OR i.overdue = ?10)"                                                  \
    " AND (?11 IS NULL OR i.next_deadline < ?11)"                                            \
    " AND (?12 = '' OR i.key = ?12)"                                                         \
    " AND (?13 = '' OR EXISTS (SELECT 1 FROM record c WHERE c.kind = 1 AND c.id = i.company" \
    "      AND c.latest = 1 AND instr(c.search, ?13) > 0))"                                  \
    " AND (?14 IS NULL OR EXISTS (SELECT 1 FROM json_each(?14) a"                            \
    "      WHERE json_extract(a.value, '$[0]') IN ('', i.cluster)"                           \
    "        AND json_extract(a.value, '$[1]') IN ('', i.cohort)"                            \
    "        AND json_extract(a.value, '$[2]') IN ('', i.company)"                           \
    "        AND (json_extract(a.value, '$[3]') IN ('', i.id)"                               \
    "          OR EXISTS (SELECT 1 FROM json_each(i.ancestors) n"                            \
    "             WHERE n.value = json_extract(a.value, '$[3]')))))"                         \
    " AND (?16 IS NULL OR i.parent = ?16)"                                                   \
    " ORDER BY i.id LIMIT ?15"

Result<InstanceRecord> record_in(const Use& row) {
    InstanceRecord record{
        .id = row.text(0),
        .workflow = row.text(1),
        .version = row.integer(2),
        .company = row.text(3),
        .cohort = row.text(4),
        .cluster = row.text(5),
        .key = row.text(6),
        .sequence = row.count(7),
        .stage = row.text(8),
        .next_deadline = row.is_null(11) ? std::nullopt : std::optional(Instant{row.integer(11)}),
        .overdue = row.integer(12) != 0,
        .done = row.integer(13) != 0,
        .started_at = Instant{row.integer(14)},
        .updated_at = Instant{row.integer(15)},
        .snapshot = row.text(16),
        .head = row.text(17),
    };
    if (const std::string parent = row.text(18); !parent.empty()) {
        record.parent =
            ParentLink{.instance = parent, .invoke_id = row.text(19), .serial = row.count(20)};
    }
    SILLAGE_TRY(record.ancestors, texts_of(row.text(21)));
    record.fragment = row.text(22);
    record.document = row.text(23);
    SILLAGE_TRY(record.states, texts_of(row.text(9)));
    SILLAGE_TRY(record.waiting_for, texts_of(row.text(10)));
    return record;
}

Result<std::optional<InstanceRecord>> first_of(Use& use) {
    if (!use.step()) {
        return std::nullopt;
    }
    SILLAGE_TRY(InstanceRecord record, record_in(use));
    return record;
}

std::optional<std::string> admitted_json(const InstanceFilter& filter) {
    if (!filter.admitted) {
        return std::nullopt;
    }
    boost::json::array bindings;
    for (const InstanceFilter::Admission& one : *filter.admitted) {
        bindings.push_back(boost::json::array{one.cluster, one.cohort, one.company, one.instance});
    }
    return to_json_text(bindings);
}

/// Whoever has one binding asks for what it admits: then an index finds it.
InstanceFilter narrowed(InstanceFilter filter) {
    if (filter.admitted && filter.admitted->size() == 1) {
        const InstanceFilter::Admission& only = filter.admitted->front();
        filter.cohort = filter.cohort.empty() ? only.cohort : filter.cohort;
        filter.company = filter.company.empty() ? only.company : filter.company;
        filter.cluster = filter.cluster.empty() ? only.cluster : filter.cluster;
    }
    return filter;
}

}  // namespace

InstanceReads::InstanceReads(SQLite::Database& database)
    : one_(database, SILLAGE_INSTANCE_COLUMNS "WHERE i.id = ?1"),
      sequence_(database, "SELECT sequence FROM instance WHERE id = ?1"),
      by_key_(database,
              SILLAGE_INSTANCE_COLUMNS "WHERE i.key = ?2 AND i.workflow = ?1 AND i.key <> ''"),
      child_(database,
             SILLAGE_INSTANCE_COLUMNS "WHERE i.parent = ?1 AND i.serial = ?2 AND i.parent <> ''"),
      all_(database, SILLAGE_INSTANCE_COLUMNS "WHERE TRUE" SILLAGE_INSTANCE_CONDITIONS),
      of_cohort_(database,
                 SILLAGE_INSTANCE_COLUMNS "WHERE i.cohort = ?4" SILLAGE_INSTANCE_CONDITIONS),
      of_company_(database,
                  SILLAGE_INSTANCE_COLUMNS "WHERE i.company = ?6" SILLAGE_INSTANCE_CONDITIONS),
      of_cluster_(database,
                  SILLAGE_INSTANCE_COLUMNS "WHERE i.cluster = ?5" SILLAGE_INSTANCE_CONDITIONS),
      of_stage_(database,
                SILLAGE_INSTANCE_COLUMNS "WHERE i.stage = ?7" SILLAGE_INSTANCE_CONDITIONS),
      of_parent_(database, SILLAGE_INSTANCE_COLUMNS
                 "WHERE i.parent = ?16 AND i.parent <> ''" SILLAGE_INSTANCE_CONDITIONS),
      of_key_(database, SILLAGE_INSTANCE_COLUMNS
              "WHERE i.key = ?12 AND i.key <> ''" SILLAGE_INSTANCE_CONDITIONS) {}

Result<std::optional<InstanceRecord>> InstanceReads::one(std::string_view id) {
    return guarded([&] {
        Use use(one_, id);
        return first_of(use);
    });
}

Result<std::uint64_t> InstanceReads::sequence(std::string_view id) {
    return guarded([&]() -> Result<std::uint64_t> {
        Use use(sequence_, id);
        return use.step() ? use.count(0) : 0;
    });
}

Result<std::optional<InstanceRecord>> InstanceReads::by_key(std::string_view workflow,
                                                            std::string_view key) {
    return guarded([&] {
        Use use(by_key_, workflow, key);
        return first_of(use);
    });
}

Result<std::optional<InstanceRecord>> InstanceReads::child(std::string_view parent,
                                                           std::uint64_t serial) {
    return guarded([&] {
        Use use(child_, parent, serial);
        return first_of(use);
    });
}

Result<std::vector<InstanceRecord>> InstanceReads::list(const InstanceFilter& asked) {
    const InstanceFilter filter = narrowed(asked);
    const bool has_parent = filter.parent && !filter.parent->empty();
    SQLite::Statement& statement = has_parent                ? of_parent_
                                   : !filter.key.empty()     ? of_key_
                                   : !filter.company.empty() ? of_company_
                                   : !filter.cohort.empty()  ? of_cohort_
                                   : !filter.cluster.empty() ? of_cluster_
                                   : !filter.stage.empty()   ? of_stage_
                                                             : all_;
    const std::string part = fold_case(filter.q);
    const std::optional<std::string> admitted = admitted_json(filter);
    return guarded([&]() -> Result<std::vector<InstanceRecord>> {
        Use use(statement, filter.after, filter.workflow, filter.version, filter.cohort,
                filter.cluster, filter.company, filter.stage, filter.state, filter.waiting_for,
                filter.overdue, filter.due_before, filter.key, part, admitted,
                std::uint64_t{filter.limit}, filter.parent);
        std::vector<InstanceRecord> records;
        while (use.step()) {
            SILLAGE_TRY(InstanceRecord record, record_in(use));
            records.push_back(std::move(record));
        }
        return records;
    });
}

}  // namespace sillage
