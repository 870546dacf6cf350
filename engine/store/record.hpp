#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/model/step.hpp"

namespace sillage {

/// Registry things that are kept as JSON and revisioned: every change makes a new revision, and
/// the old ones stay, since log entries name them.
enum class RecordKind {
    cluster,
    company,
    cohort,
    account,
    token,
    delegation,
    webhook,   ///< a subscription to outgoing webhooks
    source,    ///< of incoming webhooks
    received,  ///< an incoming message that was not taken at once
};

struct Record {
    RecordKind kind = RecordKind::cluster;
    /// Ex. `com_01J…`.
    std::string id = {};
    /// 1, 2, 3 …
    std::uint64_t revision = 0;
    /// The cluster that owns it; empty for what belongs to the network.
    std::string cluster = {};
    /// Unique within the kind when not empty. Of a token: SHA-256 of its text.
    std::string lookup = {};
    /// In the API's shape, without `id`.
    boost::json::object body = {};
    Instant at = {};

    bool operator==(const Record&) const = default;
};

/// A published workflow version.
struct DefinitionRecord {
    std::string name = {};
    std::int64_t version = 0;
    /// `sha256:…` of `source`.
    std::string hash = {};
    std::string source = {};
    Instant published_at = {};

    bool operator==(const DefinitionRecord&) const = default;
};

/// An instance: what it is, the columns that lists filter by, and its snapshot.
struct InstanceRecord {
    std::string id = {};
    std::string workflow = {};
    std::int64_t version = 0;
    std::string company = {};
    /// Empty without one.
    std::string cohort = {};
    /// The company's cluster: the tenant.
    std::string cluster = {};
    /// The caller's own id, unique per workflow; empty without one.
    std::string key = {};
    /// Who invoked it; nothing for one that a request started.
    std::optional<ParentLink> parent = {};
    /// Ids of whom it descends from, the family's first instance first, its parent last.
    std::vector<std::string> ancestors = {};
    /// Where its definition stands in the workflow: positions in Definition::inlined joined by
    /// dots. Ex. `0.1`; empty: the workflow itself.
    std::string fragment = {};
    /// The document its invoke gave as text, in which `fragment` then is; empty: the workflow.
    std::string document = {};
    std::uint64_t sequence = 0;
    std::string stage = {};
    /// All active states, ids, document order.
    std::vector<std::string> states = {};
    std::vector<std::string> waiting_for = {};
    std::optional<Instant> next_deadline = {};
    bool overdue = false;
    bool done = false;
    Instant started_at = {};
    Instant updated_at = {};
    /// Canonical JSON, as engine/runtime/snapshot_codec.hpp writes it.
    std::string snapshot = {};
    /// Hash of its last log entry.
    std::string head = {};

    bool operator==(const InstanceRecord&) const = default;
};

/// What an instance is from its start on. Members as of InstanceRecord.
struct Birth {
    std::string workflow = {};
    std::int64_t version = 0;
    std::string company = {};
    std::string cohort = {};
    std::string cluster = {};
    std::string key = {};
    std::optional<ParentLink> parent = {};
    std::vector<std::string> ancestors = {};
    std::string fragment = {};
    std::string document = {};

    bool operator==(const Birth&) const = default;
};

/// One line of an instance's log. Complete: `step` over it gives snapshot and timers, and the
/// messages for the world follow from it. `data`, `taken` and `effects` are its payload, of which
/// the hash has a commitment only: a payload can be erased and the chain still holds.
struct Entry {
    /// Global, 1, 2, 3 … over all instances; given by the store on append.
    std::uint64_t position = 0;
    std::string instance = {};
    std::uint64_t sequence = 0;
    Instant at = {};
    Actor actor = {};
    /// `$start`, `$incident`, `$resolve` or an event's name.
    std::string event = {};
    EventOrigin origin = EventOrigin::account;
    std::uint64_t timer = 0;
    /// Of the event, as Event has them.
    std::uint64_t child = 0;
    std::string send_id = {};
    std::string sender = {};
    boost::json::value data = nullptr;
    /// Of the definition that decided.
    std::string definition_hash = {};
    /// Revisions of the records that the step read; 0 without one.
    std::uint64_t company_revision = 0;
    std::uint64_t cohort_revision = 0;
    std::string idempotency_key = {};
    /// W3C `traceparent` of the request that led to it; empty without one.
    std::string trace = {};
    /// Of the first entry.
    std::optional<Birth> birth = {};
    /// Ids of the active atomic states before and after.
    std::vector<std::string> from = {};
    std::vector<std::string> to = {};
    /// As `taken` and `effects` of language.md, section 10; due instants are in the latter.
    boost::json::array taken = {};
    boost::json::array effects = {};
    /// SHA-256 of the canonical snapshot after it.
    std::string after_hash = {};
    /// Of the instance's entry before it; empty for the first.
    std::string previous_hash = {};
    /// By chance; without it nobody can tell from the commitment what an erased payload was.
    std::string salt = {};
    /// SHA-256 of salt and payload.
    std::string payload_hash = {};
    /// SHA-256 over all of the above but payload and salt.
    std::string hash = {};

    bool operator==(const Entry&) const = default;
};

/// What the instance was born as, and the record of one that is about to be.
[[nodiscard]] Birth birth_of(const InstanceRecord& record);
[[nodiscard]] InstanceRecord record_of(const Birth& birth, std::string id, Instant at);

/// A pending timer of an instance, as far as firing it in order needs.
struct StoredTimer {
    /// Timer::id.
    std::uint64_t id = 0;
    Instant due = {};
    Instant started = {};
    /// Position of its state in document order.
    std::uint32_t state = 0;

    bool operator==(const StoredTimer&) const = default;
};

/// A pending timer among those of all instances: what the scheduler sleeps for.
struct TimerRow {
    std::string instance = {};
    StoredTimer timer = {};

    bool operator==(const TimerRow&) const = default;
};

/// What a look for due timers has found.
struct DueTimers {
    /// In firing order; none that fires before one of them is missing.
    std::vector<TimerRow> rows = {};
    /// From when on others may be due, that the next look finds, for looks are bounded; nothing:
    /// these are all, or as many as were asked for.
    std::optional<Instant> cut_at = {};
};

/// An answer kept for repeats of the same request.
struct StoredAnswer {
    /// Account, method and path. Ex. `acc_…|POST|/v1/instances`.
    std::string scope = {};
    std::string key = {};
    /// SHA-256 of the request's body.
    std::string request_hash = {};
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    Instant at = {};

    bool operator==(const StoredAnswer&) const = default;
};

/// Which records a list shows. Empty members ask for nothing.
struct RecordFilter {
    RecordKind kind = RecordKind::cluster;
    /// Only these clusters' (nothing: all; an empty list: none).
    std::optional<std::vector<std::string>> clusters = {};
    /// Records after this id, in order of id.
    std::string after = {};
    std::size_t limit = 50;
};

/// Which instances a list shows; all set members must hold.
struct InstanceFilter {
    std::string workflow = {};
    std::optional<std::int64_t> version = {};
    std::string cohort = {};
    std::string cluster = {};
    std::string company = {};
    std::string stage = {};
    /// An active state's id.
    std::string state = {};
    std::string waiting_for = {};
    std::optional<bool> overdue = {};
    std::optional<Instant> due_before = {};
    std::string key = {};
    /// Part of the company's name, without regard to case.
    std::string q = {};
    /// Children of that instance; an empty id: those that nobody invoked.
    std::optional<std::string> parent = {};
    /// What the caller may see: any of these bindings admits an instance; nothing: everything.
    struct Admission {
        std::string cluster = {};
        std::string cohort = {};
        std::string company = {};
        /// Admits its descendants too.
        std::string instance = {};
    };
    std::optional<std::vector<Admission>> admitted = {};
    /// Instances after this id, in order of id.
    std::string after = {};
    std::size_t limit = 50;
};

}  // namespace sillage
