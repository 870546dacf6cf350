#include <fmt/format.h>

#include <algorithm>

#include "engine/runtime/decide.hpp"
#include "engine/runtime/runtime.hpp"
#include "engine/runtime/snapshot_codec.hpp"
#include "engine/runtime/subject.hpp"

namespace sillage {
namespace {

Error not_found(std::string message) {
    return Error{.code = ErrorCode::not_found, .message = std::move(message)};
}

std::string_view noun_of(RecordKind kind) {
    switch (kind) {
        case RecordKind::cluster:
            return "cluster";
        case RecordKind::company:
            return "company";
        case RecordKind::cohort:
            return "cohort";
        case RecordKind::account:
            return "account";
        case RecordKind::token:
            return "token";
    }
    return "record";
}

}  // namespace

boost::json::object with_id(const Record& record) {
    boost::json::object value;
    value.reserve(record.body.size() + 1);
    value.emplace("id", record.id);
    for (const auto& member : record.body) {
        value.emplace(member.key(), member.value());
    }
    return value;
}

Result<Loaded> Reader::load(std::string_view instance) {
    SILLAGE_TRY(std::optional<InstanceRecord> found, view_.instance(instance));
    if (!found) {
        return not_found(fmt::format("There is no instance \"{}\".", instance));
    }
    return load(*std::move(found));
}

Result<Loaded> Reader::load(InstanceRecord record) {
    Loaded loaded;
    SILLAGE_TRY(loaded.definition, definition(record.workflow, record.version));
    SILLAGE_TRY(loaded.snapshot, decode_snapshot(*loaded.definition, record.snapshot));
    if (loaded.snapshot.sequence != record.sequence) {
        return Error{.code = ErrorCode::corrupt,
                     .message = fmt::format("{} is at sequence {}, its snapshot at {}.", record.id,
                                            record.sequence, loaded.snapshot.sequence)};
    }
    if (!record.company.empty()) {
        SILLAGE_TRY(const Record company, this->record(RecordKind::company, record.company));
        loaded.company = with_id(company);
        loaded.company_revision = company.revision;
    }
    if (!record.cohort.empty()) {
        SILLAGE_TRY(const Record cohort, this->record(RecordKind::cohort, record.cohort));
        loaded.cohort = with_id(cohort);
        loaded.cohort_revision = cohort.revision;
    }
    loaded.record = std::move(record);
    return loaded;
}

Result<DefinitionPointer> Reader::definition(std::string_view name,
                                             std::optional<std::int64_t> version) {
    auto& versions = runtime_.versions_;
    if (const auto known = versions.find(name); version && known != versions.end()) {
        const auto compiled = known->second.find(*version);
        if (compiled != known->second.end()) {
            return compiled->second;
        }
    }
    SILLAGE_TRY(const std::optional<DefinitionRecord> found, view_.definition(name, version));
    if (!found) {
        return not_found(version ? fmt::format("There is no version {} of \"{}\".", *version, name)
                                 : fmt::format("There is no workflow \"{}\".", name));
    }
    SILLAGE_TRY(DefinitionPointer compiled, runtime_.compiled(*found));
    versions[found->name][found->version] = compiled;
    return compiled;
}

Result<Record> Reader::record(RecordKind kind, std::string_view id) {
    SILLAGE_TRY(std::optional<Record> found, view_.record(kind, id, std::nullopt));
    if (!found) {
        return not_found(fmt::format("There is no {} \"{}\".", noun_of(kind), id));
    }
    return *std::move(found);
}

Result<Decision> decide_submit(const Loaded& loaded, const SubmitCommand& command,
                               const Call& call) {
    const std::uint64_t sequence = loaded.record.sequence;
    if (command.expected_sequence && *command.expected_sequence != sequence) {
        return Error{.code = ErrorCode::stale,
                     .message = fmt::format("The instance is at sequence {}, not at {}.", sequence,
                                            *command.expected_sequence)};
    }
    Input input = Reader::input_for(loaded, call);
    input.event = Event{.name = command.event, .data = command.data};
    return decide_event(loaded, input, call.idempotency_key);
}

Result<Receipt> Reader::try_submit(const Loaded& loaded, const SubmitCommand& command,
                                   const Call& call) {
    SILLAGE_TRY(Decision decision, decide_submit(loaded, command, call));
    if (decision.incident) {
        return *std::move(decision.incident);
    }
    return std::move(decision.receipt);
}

Input Reader::input_for(const Loaded& loaded, const Call& call) {
    return Input{.actor = call.actor,
                 .now = std::max(call.now, loaded.snapshot.at),
                 .company = loaded.company,
                 .cohort = loaded.cohort,
                 .languages = call.languages};
}

}  // namespace sillage
