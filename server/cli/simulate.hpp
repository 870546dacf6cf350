#pragma once

namespace CLI {
class App;
}

namespace sillage::server {

/// `sillage simulate FILE [EVENT…]`: one instance on a virtual clock, told in lines or, with
/// `--json`, answering lines of standard input.
void add_simulate(CLI::App& app, int& status);

}  // namespace sillage::server
