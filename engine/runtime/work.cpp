#include <fmt/format.h>

#include <map>
#include <utility>

#include "engine/base/fault.hpp"
#include "engine/runtime/decide.hpp"
#include "engine/runtime/runtime.hpp"
#include "engine/runtime/subject.hpp"

namespace sillage {
namespace {

Error conflict(std::string message) {
    return Error{.code = ErrorCode::conflict, .message = std::move(message)};
}

/// The version that members of the cohort run. Errors: invalid_argument: of another workflow.
Result<std::optional<std::int64_t>> version_of_cohort(const boost::json::object& cohort,
                                                      const std::string& workflow) {
    const boost::json::value* name = cohort.if_contains("workflow");
    if (name != nullptr && name->is_string() && name->get_string() != workflow) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("The cohort goes through \"{}\", not \"{}\".",
                                            std::string_view(name->get_string()), workflow),
                     .where = "/workflow"};
    }
    const boost::json::value* version = cohort.if_contains("version");
    if (version == nullptr || !version->is_int64()) {
        return std::nullopt;
    }
    return version->get_int64();
}

/// Of a program with that fault: the instance as a counter that no roll-back moves back has it.
Loaded miscounted(Loaded loaded) {
    static std::map<std::string, std::uint64_t> counters;
    std::uint64_t& counter = counters[loaded.record->id];
    counter = std::max(counter, loaded.snapshot.sequence);
    loaded.snapshot.sequence = counter++;
    return loaded;
}

}  // namespace

Result<Receipt> Work::start(const StartCommand& command, const Call& call) {
    Loaded fresh;
    InstanceRecord record{.id = command.id.value,
                          .workflow = command.workflow,
                          .company = command.company,
                          .cohort = command.cohort,
                          .key = command.key,
                          .started_at = call.now};
    std::optional<std::int64_t> version = command.version;
    if (!command.company.empty()) {
        SILLAGE_TRY(const Record company, this->record(RecordKind::company, command.company));
        fresh.company = with_id(company);
        fresh.company_revision = company.revision;
        record.cluster = company.cluster;
    }
    if (!command.cohort.empty()) {
        SILLAGE_TRY(const Record cohort, this->record(RecordKind::cohort, command.cohort));
        fresh.cohort = with_id(cohort);
        fresh.cohort_revision = cohort.revision;
        SILLAGE_TRY(const auto pinned, version_of_cohort(cohort.body, command.workflow));
        version = version ? version : pinned;
    }
    SILLAGE_TRY(fresh.definition, definition(command.workflow, version));
    record.version = fresh.definition->version;
    fresh.record = std::move(record);
    if (!command.key.empty()) {
        SILLAGE_TRY(const auto taken, view_.instance_by_key(command.workflow, command.key));
        if (taken) {
            return conflict(fmt::format("The key \"{}\" is taken by {}.", command.key, taken->id));
        }
    }
    Input input = input_for(fresh, call);
    input.event = Event{.name = "$start", .data = command.context};
    auto decision = decide_start(kin(call.trace), fresh, input, call.idempotency_key);
    if (!decision && decision.error().code == ErrorCode::invalid_argument) {
        decision.error().where.insert(0, "/context");  // the fields know their names only
    }
    SILLAGE_TRY(Decision decided, std::move(decision));
    return write(std::move(decided));
}

Result<Receipt> Work::submit(const Loaded& loaded, const SubmitCommand& command, const Call& call) {
    const bool is_counted = !is_broken(Breakage::sequence_from_memory);
    SILLAGE_TRY(
        Decision decision,
        decide_submit(kin(call.trace), is_counted ? loaded : miscounted(loaded), command, call));
    return write(std::move(decision));
}

Result<Receipt> Work::resolve_incident(const Loaded& loaded, std::uint64_t sequence,
                                       const Call& call) {
    Input input = input_for(loaded, call);
    input.event =
        Event{.name = "$resolve",
              .data = boost::json::object{{"sequence", static_cast<std::int64_t>(sequence)}}};
    SILLAGE_TRY(Decision decision, decide_resolution(kin(call.trace), loaded, input, sequence));
    return write(std::move(decision));
}

Result<Record> Work::put_record(Record record) {
    SILLAGE_TRY(const auto latest, view_.record(record.kind, record.id, std::nullopt));
    record.revision = latest ? latest->revision + 1 : 1;
    SILLAGE_TRY(transaction_.put(record));
    if (record.kind == RecordKind::company || record.kind == RecordKind::cohort) {
        runtime_.loaded_.clear();
        remembers_ = false;
    }
    return record;
}

Result<void> Work::append(Decision& decision) {
    for (InstanceWrite& step : decision.writes) {
        if (decision.incident) {
            incidents_.push_back(step);
        }
        SILLAGE_TRY(transaction_.append(std::move(step)));
    }
    for (Loaded& member : decision.members) {
        runtime_.loaded_.drop(member.record->id);  // whether or not this work is kept
        own_.insert_or_assign(member.record->id, std::move(member));
    }
    return success();
}

Result<Receipt> Work::write(Decision decision) {
    SILLAGE_TRY(append(decision));
    if (decision.incident) {
        return *std::move(decision.incident);
    }
    return std::move(decision.receipt);
}

}  // namespace sillage
