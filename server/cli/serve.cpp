#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>

#include "server/app/app.hpp"
#include "server/app/config.hpp"
#include "server/app/exit_status.hpp"
#include "server/cli/commands.hpp"

namespace sillage::server {

namespace {

/// A config file has a dozen lines.
constexpr std::size_t config_bytes_max = 64UL * 1024UL;

/// What was said on the command line.
struct Words {
    std::map<std::string, std::string> values;  ///< by setting
    std::map<std::string, bool> flags;
    std::string config_file;
};

const char* look_up(const char* name) { return std::getenv(name); }

Result<std::vector<Setting>> settings_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(config_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    const auto size = static_cast<std::size_t>(file.gcount());
    if (file.bad() || !file.is_open() || size > config_bytes_max) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "The config file " + path + " cannot be read."};
    }
    return file_settings(std::string_view(text).substr(0, size), path);
}

/// Flags win over the environment, the environment over the file.
Result<Config> read_config(const Words& words) {
    std::vector<Setting> settings;
    std::string path = words.config_file;
    if (const char* given = look_up("SILLAGE_CONFIG"); path.empty() && given != nullptr) {
        path = given;
    }
    if (!path.empty()) {
        SILLAGE_TRY(settings, settings_of_file(path));
    }
    const auto environment = environment_settings(look_up);
    settings.insert(settings.end(), environment.begin(), environment.end());
    const auto option_of = [](std::string name) {
        std::ranges::replace(name, '_', '-');
        return "--" + name;
    };
    for (const auto& [name, value] : words.values) {
        if (!value.empty()) {
            settings.push_back(Setting{name, value, option_of(name)});
        }
    }
    for (const auto& [name, is_given] : words.flags) {
        if (is_given) {
            settings.push_back(Setting{name, "true", option_of(name)});
        }
    }
    return make_config(settings);
}

int complain(const Error& error) {
    std::cerr << "sillage serve: " << (error.where.empty() ? "" : error.where + ": ")
              << error.message << "\n";
    return exit_status_of(error);
}

int serve(const Words& words) {
    const Result<Config> config = read_config(words);
    if (!config) {
        return complain(config.error());
    }
    const auto say = [](const std::string& line) { std::cout << line << '\n' << std::flush; };
    const auto app = App::start(config.value(), log_to_standard_error, say);
    return app ? app.value()->run() : complain(app.error());
}

}  // namespace

void add_serve(CLI::App& app, int& status) {
    CLI::App* command = app.add_subcommand("serve", "serve workflows over HTTP");
    const auto words = std::make_shared<Words>();
    const auto option = [&](const std::string& flag, const std::string& name,
                            const std::string& help) {
        command->add_option(flag, words->values[name], help)->type_name("");
    };
    option("--data", "data", "DIR: everything the server keeps (./sillage-data)");
    option("--workflows", "workflows", "DIR: files to check and publish at start");
    option("--listen", "listen", "ADDR:PORT (127.0.0.1:8080)");
    option("--tls-cert", "tls_cert", "FILE: certificate chain, PEM");
    option("--tls-key", "tls_key", "FILE: private key, PEM");
    option("--sandbox-start", "sandbox_start", "INSTANT where a new sandbox's clock stands");
    command->add_flag("--insecure-http", words->flags["insecure_http"],
                      "listen where others can reach it without TLS, for a proxy in front");
    command->add_flag("--sandbox", words->flags["sandbox"],
                      "a virtual clock, for demonstrations and tests");
    command->add_option("--config", words->config_file, "FILE: settings as YAML")->type_name("");
    command->callback([words, &status] { status = serve(*words); });
}

}  // namespace sillage::server
