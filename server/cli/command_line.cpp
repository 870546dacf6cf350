#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "engine/base/nearest.hpp"
#include "engine/store/sqlite/version.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/simulate.hpp"

namespace sillage::server {

namespace {

/// A mistake on the command line. Source: language.md, 10.
constexpr int usage_error = 2;

std::vector<std::string> names_of(const std::vector<const CLI::App*>& subcommands) {
    std::vector<std::string> names;
    for (const CLI::App* subcommand : subcommands) {
        names.push_back(subcommand->get_name());
    }
    return names;
}

std::vector<std::string> names_of(const std::vector<const CLI::Option*>& options) {
    std::vector<std::string> names;
    for (const CLI::Option* option : options) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

int complain(const std::string& message, const CLI::App& app) {
    std::string name = app.get_name();
    for (const CLI::App* parent = app.get_parent(); parent != nullptr;
         parent = parent->get_parent()) {
        name.insert(0, parent->get_name() + " ");
    }
    std::cerr << message << "\nRun \"" << name << " --help\" for what there is.\n";
    return usage_error;
}

/// The command that was given, or its subcommand.
const CLI::App& innermost(const CLI::App& app) {
    const CLI::App* found = &app;
    while (!found->get_subcommands().empty()) {
        found = found->get_subcommands().front();
    }
    return *found;
}

/// What nobody asked for: the first word or option that is not known where it stands.
int complain_of_unknown(const CLI::App& app) {
    const CLI::App& where = innermost(app);
    const auto unknown = app.remaining(true);
    const std::string word = unknown.empty() ? "" : unknown.front();
    const std::string near =
        word.starts_with("-")
            ? nearest(word.substr(0, word.find('=')), names_of(where.get_options()))
            : nearest(word, names_of(where.get_subcommands(nullptr)));
    const std::string kind = word.starts_with("-") ? "option" : "command";
    return complain(
        "There is no " + kind + " \"" + word + "\"" + (near.empty() ? "." : did_you_mean(near)),
        where);
}

std::string version_text() {
    return "sillage " SILLAGE_VERSION "\nSQLite " + sqlite_version() +
           "\nWAL-reset bug of SQLite, affected: " + (has_wal_reset_bug() ? "yes" : "no") +
           " (one connection writes and checkpoints, so it cannot strike)";
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
    CLI::App app("Statecharts for programmes that take companies somewhere.", "sillage");
    int status = 0;
    app.require_subcommand(1);
    app.set_version_flag("--version", version_text);
    add_check(app, status);
    add_simulate(app, status);
    add_convert(app, status);
    add_expand(app, status);
    add_eval(app, status);
    add_serve(app, status);
    add_account(app, status);
    add_import(app, status);
    add_export(app, status);
    add_listen(app, status);
    add_verify(app, status);
    add_changes(app, status);
    add_replay(app, status);
    add_backup(app, status);
    add_restore(app, status);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::cout << app.help();
    } catch (const CLI::CallForVersion& version) {
        std::cout << version.what() << "\n";
    } catch (const CLI::ExtrasError&) {
        return complain_of_unknown(app);
    } catch (const CLI::ParseError& error) {
        if (!app.remaining(true).empty()) {
            return complain_of_unknown(app);
        }
        return complain(error.what(), innermost(app));
    }
    return status;
}

}  // namespace sillage::server
