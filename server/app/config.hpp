#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"
#include "server/auth/allowances.hpp"
#include "server/auth/session.hpp"
#include "server/http/limits.hpp"

namespace sillage::server {

/// Everything that can be set, with its default. Source: api.md, 1 and 4.
struct Config {
    std::string data = "./sillage-data";
    std::string workflows = {};  ///< a folder; empty: none is published at start
    std::string listen = "127.0.0.1:8080";
    std::string tls_cert = {};
    std::string tls_key = {};
    bool insecure_http = false;
    bool sandbox = false;
    std::optional<Instant> sandbox_start = {};
    /// An administrator's token; from the environment or the file, never from a flag, which every
    /// user of the machine could read.
    std::string admin_token = {};
    std::size_t io_threads = 1;
    /// Where this server is found. Ex. `https://sillage.example.org`; empty: at `listen`.
    std::string base_url = {};
    SessionLife session_life = {};
    std::string smtp_url = {};  ///< empty: no mail is sent. Ex. `smtps://mail.example.org`
    std::string smtp_user = {};
    std::string smtp_password_file = {};  ///< its first line
    std::string mail_from = {};
    std::string oidc_issuer = {};  ///< empty: nobody signs in by a provider
    std::string oidc_client_id = {};
    std::string oidc_client_secret_file = {};  ///< its first line
    /// Lets the provider be one on this machine, without TLS: for tests.
    bool oidc_insecure_loopback = false;
    /// Addresses, networks and names beside the Internet's that webhooks may lead to.
    std::string webhook_allow = {};
    std::string webhook_ca_file = {};  ///< certificates trusted beside the system's
    Limits limits = {};
    Allowance allowance = {};
    /// As of HubOptions.
    std::size_t streams_per_account = 1'024;
    std::uint64_t stream_replay_max = 1'000'000;
    /// By which /metrics is read from elsewhere; as `admin_token`.
    std::string metrics_token = {};
    /// A line in the log for each request.
    bool log_requests = false;
};

/// One setting as it was found. Boolean ones are `true` or `false`.
struct Setting {
    std::string name;    ///< as in the file. Ex. `tls_cert`
    std::string value;   ///< as written
    std::string origin;  ///< for messages. Ex. `--tls-cert`, `SILLAGE_TLS_CERT`, `sillage.yaml`

    bool operator==(const Setting&) const = default;
};

/// Every name that can be set, in alphabetical order.
[[nodiscard]] std::span<const std::string_view> setting_names();

/// The settings that the environment holds: `SILLAGE_` and the name in capitals.
/// `look_up` is getenv, or a test's.
[[nodiscard]] std::vector<Setting> environment_settings(const char* (*look_up)(const char*));

/// The settings of a config file: a YAML mapping of names to scalars.
/// Errors: invalid_argument at `file:line:column`: it cannot be read, an unknown name (with the
/// nearest), or a value that is no scalar.
[[nodiscard]] Result<std::vector<Setting>> file_settings(std::string_view text,
                                                         std::string_view file);

/// The configuration they make, the later ones winning.
/// Errors: invalid_argument: a value that cannot be read, naming its origin; a certificate without
/// key; a start without sandbox; an address that others can reach without TLS or `insecure_http`.
[[nodiscard]] Result<Config> make_config(const std::vector<Setting>& settings);

}  // namespace sillage::server
