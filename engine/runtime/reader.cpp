#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "engine/company/sme_class.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/runtime/decide.hpp"
#include "engine/runtime/runtime.hpp"
#include "engine/runtime/snapshot_codec.hpp"
#include "engine/runtime/subject.hpp"
#include "engine/store/registry_line.hpp"

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
        case RecordKind::delegation:
            return "delegation";
        case RecordKind::webhook:
            return "webhook";
        case RecordKind::source:
            return "source";
        case RecordKind::received:
            return "message";
    }
    return "record";
}

}  // namespace

boost::json::object with_id(const Record& record) {
    boost::json::object value;
    value.reserve(record.body.size() + 1);
    value.emplace("id", record.id);
    for (const auto& member : record.body) {
        if (member.key() != changed_by) {
            value.emplace(member.key(), member.value());
        }
    }
    if (record.kind == RecordKind::company && !value.contains("sme_class")) {
        // It was stored before there were classes.
        if (const auto size = sme_class_of(value)) {
            value.emplace("sme_class", name_of(*size));
        }
    }
    return value;
}

Result<Loaded> Reader::load(std::string_view instance) {
    if (const auto own = own_.find(instance); own != own_.end()) {
        return own->second;
    }
    if (const Loaded* known = runtime_.loaded_.find(instance)) {
        view_.note_shown(instance);
        return *known;
    }
    SILLAGE_TRY(Loaded loaded, load_stored(instance));
    if (remembers_) {
        runtime_.loaded_.put(loaded);
    }
    return loaded;
}

Result<Loaded> Reader::load_stored(std::string_view instance) {
    SILLAGE_TRY(std::optional<InstanceRecord> found, view_.instance(instance));
    if (!found) {
        return not_found(fmt::format("There is no instance \"{}\".", instance));
    }
    return load(*std::move(found));
}

Result<Loaded> Reader::load(InstanceRecord record) {
    Loaded loaded;
    SILLAGE_TRY(loaded.definition, definition_of(record));
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

Result<std::vector<InstanceRecord>> Reader::children(const Loaded& parent,
                                                     const std::vector<InstanceRecord>& known) {
    if (parent.snapshot.next_child == 1) {
        return std::vector<InstanceRecord>{};
    }
    SILLAGE_TRY(std::vector<InstanceRecord> found,
                view_.instances({.parent = parent.record->id, .limit = children_max}));
    found.insert(found.begin(), known.begin(), known.end());
    const auto serial_of = [](const InstanceRecord& child) { return child.parent->serial; };
    std::ranges::stable_sort(found, {}, serial_of);
    const auto same = std::ranges::unique(found, {}, serial_of);
    found.erase(same.begin(), same.end());
    std::vector<InstanceRecord> latest;
    for (InstanceRecord& child : found) {
        std::erase_if(latest, [&](const InstanceRecord& other) {
            return other.parent->invoke_id == child.parent->invoke_id;
        });
        latest.push_back(std::move(child));
    }
    return latest;
}

Result<DefinitionPointer> Reader::definition_of(const InstanceRecord& record) {
    DefinitionPointer found;
    if (record.document.empty()) {
        SILLAGE_TRY(found, definition(record.workflow, record.version));
    } else {
        SILLAGE_TRY(found, runtime_.compiled_document(record.document));
    }
    std::istringstream path(record.fragment);
    for (std::string position; std::getline(path, position, '.');) {
        std::size_t index = 0;
        const char* end = position.data() + position.size();
        const auto parsed = std::from_chars(position.data(), end, index);
        if (parsed.ptr != end || index >= found->inlined.size()) {
            return Error{.code = ErrorCode::corrupt,
                         .message = fmt::format("{} has nothing inlined at {}.", record.workflow,
                                                record.fragment)};
        }
        found = found->inlined[index];
    }
    return found;
}

Kin Reader::kin(const std::string& trace) {
    return Kin{
        .load = [this](const std::string& id) { return load(id); },
        .child = [this](const ParentLink& link) -> Result<std::optional<Loaded>> {
            SILLAGE_TRY(auto found, view_.child(link.instance, link.serial));
            if (!found) {
                return std::nullopt;
            }
            SILLAGE_TRY(Loaded loaded, load(*std::move(found)));
            return loaded;
        },
        .workflow =
            [this](const std::string& workflow, std::optional<std::int64_t> version) {
                return definition(workflow, version);
            },
        .document = [this](const std::string& text) { return runtime_.compiled_document(text); },
        .salt = [this] { return runtime_.new_salt(); },
        .trace = trace};
}

Result<Record> Reader::record(RecordKind kind, std::string_view id) {
    SILLAGE_TRY(std::optional<Record> found, view_.record(kind, id, std::nullopt));
    if (!found) {
        return not_found(fmt::format("There is no {} \"{}\".", noun_of(kind), id));
    }
    return *std::move(found);
}

Result<Receipt> Reader::try_submit(const Loaded& loaded, const SubmitCommand& command,
                                   const Call& call) {
    SILLAGE_TRY(Decision decision, decide_submit(kin(), loaded, command, call));
    if (decision.incident) {
        return *std::move(decision.incident);
    }
    return std::move(decision.receipt);
}

Input Reader::input_for(const Loaded& loaded, const Call& call) {
    return Input{.actor = call.actor,
                 .now = std::max(call.now, loaded.snapshot.at),
                 .instance = loaded.record->id,
                 .parent = loaded.record->parent,
                 .company = loaded.company,
                 .cohort = loaded.cohort,
                 .languages = call.languages,
                 .audience = call.audience};
}

}  // namespace sillage
