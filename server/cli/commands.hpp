#pragma once

namespace CLI {
class App;
}

namespace sillage::server {

// Each `add_NAME(CLI::App& app, int& status)` adds one subcommand to the command line. When it is
// the one given, its work is done while the line is parsed, and `status` is what the process ends
// with.

void add_account(CLI::App& app, int& status);
void add_backup(CLI::App& app, int& status);
void add_changes(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_convert(CLI::App& app, int& status);
void add_eval(CLI::App& app, int& status);
void add_expand(CLI::App& app, int& status);
void add_export(CLI::App& app, int& status);
void add_import(CLI::App& app, int& status);
void add_listen(CLI::App& app, int& status);
void add_replay(CLI::App& app, int& status);
void add_restore(CLI::App& app, int& status);
void add_serve(CLI::App& app, int& status);
void add_verify(CLI::App& app, int& status);

/// Reads the words, does what they say and gives the exit status: 2 for words that make no sense,
/// with the nearest known subcommand or option on standard error.
[[nodiscard]] int run_command_line(int argc, const char* const* argv);

}  // namespace sillage::server
