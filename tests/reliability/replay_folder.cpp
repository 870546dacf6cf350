// Replays every instance of a data folder that no server has open, and compares with what is
// stored. Usage: replay_folder DIR    exit status 0: each replayed snapshot is the stored one, byte
// for byte, and each entry's payload holds the effects that its step has again

#include <boost/json/array.hpp>
#include <iostream>

#include "engine/interpreter/status.hpp"

#include "engine/runtime/runtime.hpp"
#include "engine/runtime/snapshot_codec.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"

namespace {

using namespace sillage;

boost::json::array effects_of(const Definition& definition, const Step& step) {
    boost::json::array effects;
    for (const Effect& effect : step.effects) {
        effects.push_back(effect_json(definition, effect));
    }
    return effects;
}

/// What is not as folding the instance's log through step gives it; empty: nothing.
Result<std::string> difference(Runtime& runtime, Reader& reader, const InstanceRecord& record) {
    SILLAGE_TRY(const auto definition, reader.definition(record.workflow, record.version));
    std::string found;
    const auto compare = [&](const Entry& entry, const Step& step) {
        if (found.empty() && entry.effects != effects_of(*definition, step)) {
            found = "the effects of entry " + std::to_string(entry.sequence);
        }
    };
    SILLAGE_TRY(const Snapshot snapshot, runtime.replay(record.id, 0, compare));
    const bool is_same = encode_snapshot(*definition, snapshot) == record.snapshot;
    return !found.empty() || is_same ? found : std::string("the snapshot");
}

/// How many instances there are; an error names the first that differs.
Result<std::size_t> replay_all(const std::string& folder) {
    SILLAGE_TRY(const auto store, SqliteStore::open({.folder = folder}));
    SILLAGE_TRY(const auto view, store->read());
    Runtime runtime(*store);
    Reader reader(runtime, *view);
    std::size_t count = 0;
    InstanceFilter filter{.limit = 200};
    while (true) {
        SILLAGE_TRY(const auto records, view->instances(filter));
        if (records.empty()) {
            return count;
        }
        for (const InstanceRecord& record : records) {
            SILLAGE_TRY(const std::string other, difference(runtime, reader, record));
            if (!other.empty()) {
                return Error{.code = ErrorCode::corrupt,
                             .message = "The replay of " + record.id + " differs: " + other + "."};
            }
            ++count;
        }
        filter.after = records.back().id;
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::cerr << "usage: replay_folder DIR\n";
        return 2;
    }
    const auto outcome = replay_all(arguments[1]);
    if (!outcome) {
        std::cerr << outcome.error().message << '\n';
        return 1;
    }
    std::cout << outcome.value() << " instances replayed, each byte for byte\n";
    return outcome.value() > 0 ? 0 : 1;
}
