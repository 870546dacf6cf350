#include "tests/engine/store/samples.hpp"

#include <boost/json/array.hpp>

#include "engine/store/entry_json.hpp"
#include "tests/support/ok.hpp"

namespace sillage::test {

InstanceWrite sample_write(const std::string& instance, std::uint64_t sequence) {
    const Instant at{static_cast<std::int64_t>(1'000 * sequence)};
    InstanceWrite write;
    write.instance = InstanceRecord{.id = instance,
                                    .workflow = "export",
                                    .version = 1,
                                    .company = "com_1",
                                    .cohort = "coh_1",
                                    .cluster = "clu_1",
                                    .sequence = sequence,
                                    .stage = "review",
                                    .states = {"review", "review.open"},
                                    .waiting_for = {"mentor"},
                                    .next_deadline = Instant{90'000},
                                    .started_at = Instant{1'000},
                                    .updated_at = at,
                                    .snapshot = R"({"sequence":)" + std::to_string(sequence) + "}",
                                    .head = "hash-" + std::to_string(sequence)};
    write.entry =
        Entry{.instance = instance,
              .sequence = sequence,
              .at = at,
              .actor = {.id = "acc_1", .roles = {"sme", "mentor"}},
              .event = "submit",
              .origin = EventOrigin::queue,
              .data = boost::json::object{{"score", 1.0}, {"text", "Œuvre\n"}},
              .definition_hash = "sha256:1",
              .company_revision = 3,
              .idempotency_key = "key",
              .from = {"review.open"},
              .to = {"review.open"},
              .taken = {boost::json::object{{"source", "review.open"}}},
              .effects = {boost::json::object{{"kind", "log"}}},
              .after_hash = "after",
              .previous_hash = sequence == 1 ? "" : "hash-" + std::to_string(sequence - 1),
              .hash = "hash-" + std::to_string(sequence)};
    write.body = entry_text(write.entry);
    write.payload = payload_text(write.entry);
    write.timers = {{.id = sequence, .due = Instant{90'000}, .started = at, .state = 2}};
    return write;
}

Record sample_record(RecordKind kind, const std::string& id) {
    return Record{.kind = kind,
                  .id = id,
                  .revision = 1,
                  .cluster = "clu_1",
                  .lookup = {},
                  .body = {{"name", "Maison Élégante"}, {"headcount", 18}, {"ratio", 2.0}},
                  .at = Instant{5}};
}

void restore(Store& store) {
    if (!ok(store.is_behind())) {
        return;
    }
    for (auto entries = ok(store.tail(100)); !entries.empty(); entries = ok(store.tail(100))) {
        for (const Entry& entry : entries) {
            InstanceWrite write = sample_write(entry.instance, entry.sequence);
            write.entry = entry;
            ok(store.restore(write));
        }
    }
}

void commit_write(Store& store, const InstanceWrite& write) {
    const auto transaction = ok(store.begin());
    ok(transaction->append(write));
    ok(transaction->commit());
}

void commit_record(Store& store, const Record& record) {
    const auto transaction = ok(store.begin());
    ok(transaction->put(record));
    ok(transaction->commit());
}

}  // namespace sillage::test
