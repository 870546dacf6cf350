#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>

#include "engine/base/json.hpp"
#include "engine/store/entry_json.hpp"
#include "engine/store/sqlite/log_file.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/operator.hpp"
#include "server/routes/visit.hpp"

// `sillage changes`: who changed what in the registry, and when.

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Lines read at a time, so that a registry is never held whole.
constexpr std::size_t page = 512;

/// What a member is printed as: what signs webhooks is nobody's to read.
json::value printed(const json::key_value_pair& member) {
    return member.key() == "secrets" ? json::value("changed") : member.value();
}

/// The members of a revision that are not as they were in the one before; null: it is gone.
json::object difference(const json::object& before, const json::object& after) {
    json::object changed;
    for (const json::key_value_pair& member : after) {
        const json::value* known = before.if_contains(member.key());
        if (member.key() != changed_by && (known == nullptr || *known != member.value())) {
            changed.emplace(member.key(), printed(member));
        }
    }
    for (const json::key_value_pair& member : before) {
        if (!after.contains(member.key()) && member.key() != changed_by) {
            changed.emplace(member.key(), nullptr);
        }
    }
    return changed;
}

json::object change_json(const RegistryLine& line, const json::object& before,
                         const json::object& after) {
    const json::value* by = after.if_contains(changed_by);
    return {{"change", line.change},
            {"at", to_string(line.at)},
            {"by", by == nullptr ? json::value(nullptr) : *by},
            {"kind", word_for(line.kind)},
            {"id", line.id},
            {"revision", line.revision},
            {"set", difference(before, after)}};
}

/// All of the folder, or those of one record.
Result<void> print_changes(const std::string& folder, const std::string& id) {
    SILLAGE_TRY(LogFile file, LogFile::open(folder));
    std::map<std::pair<RecordKind, std::string>, std::string> bodies;
    RegistryLine last;
    for (bool is_last = false; !is_last;) {
        SILLAGE_TRY(auto lines, file.changes(last, page));
        for (RegistryLine& line : lines) {
            if (!id.empty() && line.id != id) {
                continue;
            }
            std::string& known = bodies[{line.kind, line.id}];
            json::object before;
            if (!known.empty()) {
                SILLAGE_TRY(before, stored_object(known));
            }
            SILLAGE_TRY(const json::object after, stored_object(line.body));
            std::cout << to_json_text(change_json(line, before, after)) << '\n';
            known = line.body;
        }
        is_last = lines.size() < page;
        last = lines.empty() ? last : std::move(lines.back());
    }
    return success();
}

}  // namespace

void add_changes(CLI::App& app, int& status) {
    const auto words = std::make_shared<std::pair<std::string, std::string>>();
    CLI::App* command =
        app.add_subcommand("changes", "tell who changed what in the registry, and when");
    command->add_option("DIR", words->first, "the data folder, served or not")->required();
    command->add_option("ID", words->second, "of one account, company, token … only");
    command->callback([words, &status] {
        const auto printed = print_changes(words->first, words->second);
        status = printed ? 0 : complain_of("changes", printed.error());
    });
}

}  // namespace sillage::server
