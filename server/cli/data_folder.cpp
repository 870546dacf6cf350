#include "server/cli/data_folder.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "engine/base/json.hpp"
#include "engine/runtime/registry_audit.hpp"
#include "engine/runtime/runtime.hpp"
#include "engine/store/sqlite/delivery_book.hpp"
#include "engine/store/sqlite/log_file.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "server/app/exit_status.hpp"
#include "server/cli/commands.hpp"

namespace sillage::server {
namespace {

/// Lines read at a time, so that a log is never held whole.
constexpr std::size_t page = 512;

int complain(std::string_view command, const Error& error) {
    std::cerr << "sillage " << command << ": " << error.message << '\n';
    return exit_status_of(error);
}

int verify(const std::string& folder) {
    const Result<Audit> audit = audit_folder(folder);
    if (!audit) {
        return complain("verify", audit.error());
    }
    std::cout << audit_text(audit.value());
    return audit.value().faults().empty() ? exit_ok : exit_refused;
}

boost::json::object state_json(const Loaded& loaded, const Snapshot& snapshot) {
    Input reader{.actor = system_actor(),
                 .now = snapshot.at,
                 .company = loaded.company,
                 .cohort = loaded.cohort};
    const Status status = describe(*loaded.definition, snapshot, reader);
    boost::json::array timers;
    for (const Timer& timer : snapshot.timers) {
        timers.push_back(
            boost::json::object{{"event", timer.event.text()}, {"due", to_string(timer.due)}});
    }
    return boost::json::object{
        {"instance", loaded.record->id},
        {"workflow", loaded.record->workflow},
        {"version", loaded.record->version},
        {"sequence", snapshot.sequence},
        {"at", to_string(snapshot.at)},
        {"stage", status.stage},
        {"states", boost::json::array(status.states.begin(), status.states.end())},
        {"context", status.context},
        {"timers", std::move(timers)},
        {"overdue", status.overdue},
        {"done", status.done}};
}

struct ReplayWords {
    std::string folder = {};
    std::string instance = {};
    std::uint64_t until = 0;
};

Result<std::string> replayed(const ReplayWords& words) {
    SILLAGE_TRY(const LogFile file, LogFile::open(words.folder));  // or a folder would be made
    SILLAGE_TRY(const auto store, SqliteStore::open({.folder = words.folder}));
    Runtime runtime(*store);
    SILLAGE_TRY(const Loaded loaded,
                runtime.read([&](Reader& reader) { return reader.load_stored(words.instance); }));
    if (words.until > loaded.record->sequence) {
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("{} has {} entries, none with the sequence {}.",
                                            words.instance, loaded.record->sequence, words.until)};
    }
    SILLAGE_TRY(const Snapshot snapshot, runtime.replay(words.instance, words.until));
    return to_json_text(state_json(loaded, snapshot));
}

int replay(const ReplayWords& words) {
    const Result<std::string> text = replayed(words);
    if (!text) {
        return complain("replay", text.error());
    }
    std::cout << text.value() << '\n';
    return exit_ok;
}

Result<std::string> copied(const std::string& from, const std::string& to, bool is_verified) {
    std::string words;
    if (is_verified) {
        SILLAGE_TRY(const Audit audit, audit_folder(from));
        words = audit_text(audit);
        if (!audit.faults().empty()) {
            return Error{.code = ErrorCode::corrupt, .message = "nothing was copied.\n" + words};
        }
    }
    SILLAGE_TRY(LogFile file, LogFile::open(from));
    SILLAGE_TRY(file.copy_to(to));
    SILLAGE_TRY(const LogFile copy, LogFile::open(to));
    SILLAGE_TRY(const auto end, copy.head());
    SILLAGE_TRY(copy_book(from, to, end ? end->position : 0));
    return words;
}

struct CopyWords {
    std::string from = {};
    std::string to = {};
    bool verify = false;
};

int copy(std::string_view command, const CopyWords& words) {
    const Result<std::string> said = copied(words.from, words.to, words.verify);
    if (!said) {
        return complain(command, said.error());
    }
    std::cout << said.value();
    return exit_ok;
}

/// Before its lines the registry's end is asked for: a server may be writing, and it only grows.
Result<void> audit_registry(LogFile& file, Audit& audit) {
    SILLAGE_TRY(const LogHead end, file.registry_end());
    SILLAGE_TRY(const std::uint64_t uncounted, file.uncounted_records());
    RegistryAudit registry({.uncounted = uncounted, .change = end.position, .chain = end.chain});
    RegistryLine last;
    for (bool is_last = false; !is_last;) {
        SILLAGE_TRY(const auto lines, file.changes(last, page));
        for (const RegistryLine& line : lines) {
            registry.take(line);
        }
        is_last = lines.size() < page;
        last = lines.empty() ? last : lines.back();
    }
    registry.finish();
    audit.take_registry(registry.faults(), registry.change_count());
    SILLAGE_TRY(const auto turned_back, file.turned_back(page));
    for (const std::string& id : turned_back) {
        audit.take_damage(id + " stands as another revision than its last.");
    }
    return success();
}

}  // namespace

Result<Audit> audit_folder(const std::string& folder) {
    SILLAGE_TRY(LogFile file, LogFile::open(folder));
    Audit audit;
    SILLAGE_TRY(const auto damages, file.damages());
    for (const std::string& damage : damages.value_or(std::vector<std::string>{})) {
        audit.take_damage(damage);
    }
    if (!damages) {
        audit.leave_file_unchecked();
    }
    // Before the lines: a server may be writing, and the log only grows.
    const auto end = file.head();
    if (!end) {
        audit.take_damage(end.error().message);
    } else if (end.value()) {
        audit.expect_end(end.value()->position, end.value()->chain);
    }
    std::uint64_t position = 0;
    for (bool is_last = false; !is_last;) {
        SILLAGE_TRY(const auto lines, file.lines(position, page));
        for (const LogLine& line : lines) {
            audit.take(line);
            position = line.position;
        }
        is_last = lines.size() < page;
    }
    std::string instance;
    for (bool is_last = false; !is_last;) {
        SILLAGE_TRY(const auto heads, file.heads(instance, page));
        for (const InstanceHead& head : heads) {
            audit.take(head);
            instance = head.instance;
        }
        is_last = heads.size() < page;
    }
    SILLAGE_TRY(const std::uint64_t projected, file.projected());
    audit.take_projected(projected);
    SILLAGE_TRY(audit_registry(file, audit));
    return audit;
}

std::string audit_text(const Audit& audit) {
    std::string text;
    for (const AuditFault& fault : audit.faults()) {
        if (fault.position != 0) {
            text += fmt::format("entry {}", fault.position);
            text += fault.instance.empty()
                        ? std::string()
                        : fmt::format(" ({} {})", fault.instance, fault.sequence);
        } else {
            text += fault.instance.empty() ? "the file"
                                           : fmt::format("{} {}", fault.instance, fault.sequence);
        }
        text += ": " + fault.message + "\n";
    }
    if (!audit.is_file_checked()) {
        text += "the file: its indexes and free pages were not checked, for a server is using it\n";
    }
    const std::string changes =
        audit.change_count() == 0
            ? ""
            : fmt::format(", {} changes of the registry", audit.change_count());
    text += fmt::format("{} entries of {} instances{}: {}\n", audit.entry_count(),
                        audit.instance_count(), changes,
                        audit.faults().empty() ? std::string("all as written")
                                               : fmt::format("{} faults", audit.faults().size()));
    return text;
}

void add_verify(CLI::App& app, int& status) {
    const auto folder = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("verify", "prove that a log is as it was written");
    command->add_option("DIR", *folder, "the data folder, served or not")->required();
    command->callback([folder, &status] { status = verify(*folder); });
}

void add_replay(CLI::App& app, int& status) {
    const auto words = std::make_shared<ReplayWords>();
    CLI::App* command = app.add_subcommand("replay", "rebuild how an instance stood, from its log");
    command->add_option("DIR", words->folder, "the data folder, not served")->required();
    command->add_option("INSTANCE", words->instance, "its id")->required();
    command->add_option("--until", words->until, "SEQ: after that entry (the last)")->type_name("");
    command->callback([words, &status] { status = replay(*words); });
}

void add_backup(CLI::App& app, int& status) {
    const auto words = std::make_shared<CopyWords>();
    CLI::App* command = app.add_subcommand("backup", "copy a data folder, served or not");
    command->add_option("DIR", words->from, "the data folder")->required();
    command->add_option("BACKUP", words->to, "a new folder")->required();
    command->callback([words, &status] { status = copy("backup", *words); });
}

void add_restore(CLI::App& app, int& status) {
    const auto words = std::make_shared<CopyWords>();
    CLI::App* command = app.add_subcommand("restore", "make a data folder of a backup");
    command->add_option("BACKUP", words->from, "what backup made")->required();
    command->add_option("DIR", words->to, "a new folder")->required();
    command->add_flag("--verify", words->verify, "prove its log first");
    command->callback([words, &status] { status = copy("restore", *words); });
}

}  // namespace sillage::server
