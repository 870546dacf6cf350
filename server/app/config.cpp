#include "server/app/config.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "engine/base/nearest.hpp"
#include "engine/yaml/flat_mapping.hpp"
#include "server/http/listener.hpp"

namespace sillage::server {

namespace {

Error cannot_be(const Setting& setting, std::string_view expected) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = setting.origin + " is \"" + setting.value + "\" but must be " +
                            std::string(expected) + ".",
                 .where = setting.origin};
}

using Set = std::function<Result<void>(Config&, const Setting&)>;

Set text(std::string Config::*member) {
    return [member](Config& config, const Setting& setting) -> Result<void> {
        config.*member = setting.value;
        return success();
    };
}

Set boolean(bool Config::*member) {
    return [member](Config& config, const Setting& setting) -> Result<void> {
        if (setting.value != "true" && setting.value != "false") {
            return cannot_be(setting, "true or false");
        }
        config.*member = setting.value == "true";
        return success();
    };
}

/// From 1 to `most`.
Result<std::int64_t> whole_number(const Setting& setting, std::int64_t most) {
    std::int64_t value = 0;
    const char* const end = setting.value.data() + setting.value.size();
    const auto [last, error] = std::from_chars(setting.value.data(), end, value);
    if (error != std::errc() || last != end || value < 1 || value > most) {
        return cannot_be(setting, "a whole number from 1 to " + std::to_string(most));
    }
    return value;
}

/// A whole number from 1 to `most`.
template <class Number>
Set number(const std::function<Number&(Config&)>& member, std::int64_t most) {
    return [member, most](Config& config, const Setting& setting) -> Result<void> {
        SILLAGE_TRY(const std::int64_t value, whole_number(setting, most));
        member(config) = Number(value);
        return success();
    };
}

Set milliseconds(std::chrono::milliseconds Limits::*member) {
    constexpr std::int64_t day = 86'400'000;  // longer is no time limit
    return number<std::chrono::milliseconds>(
        [member](Config & config) -> auto& { return config.limits.*member; }, day);
}

/// Of Allowance.
template <class Number>
Set allowed(Number Allowance::*member, std::int64_t most) {
    return number<Number>(
        [member](Config & config) -> auto& { return config.allowance.*member; }, most);
}

/// Of SessionLife: a month at most.
Set life(Duration SessionLife::*member) {
    constexpr std::int64_t month_s = 31LL * 86'400;
    return [member](Config& config, const Setting& setting) -> Result<void> {
        SILLAGE_TRY(const std::int64_t seconds, whole_number(setting, month_s));
        config.session_life.*member = Duration{seconds * 1000};
        return success();
    };
}

Set count(std::size_t Limits::*member, std::int64_t most) {
    return number<std::size_t>(
        [member](Config & config) -> auto& { return config.limits.*member; }, most);
}

Result<void> set_sandbox_start(Config& config, const Setting& setting) {
    const Result<Instant> at = parse_instant(setting.value);
    if (!at) {
        return cannot_be(setting, "an instant such as 2027-01-01T00:00:00Z");
    }
    config.sandbox_start = at.value();
    return success();
}

struct Entry {
    std::string_view name;
    Set set;
};

// The bounds above each limit are what a mistyped figure may not pass, no advice.
constexpr std::int64_t gibibyte = 1024LL * 1024 * 1024;
constexpr std::int64_t mebibyte = 1024LL * 1024;
constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int64_t day_s = 86'400;

const std::array<Entry, 39>& entries() {
    static const std::array<Entry, 39> all{{
        {"account_requests_max", allowed(&Allowance::requests, billion)},
        {"account_running_max", allowed(&Allowance::running, mebibyte)},
        {"account_window_s", allowed(&Allowance::window, day_s)},
        {"admin_token", text(&Config::admin_token)},
        {"base_url", text(&Config::base_url)},
        {"body_bytes_max", count(&Limits::body_bytes_max, gibibyte)},
        {"connection_count_max", count(&Limits::connection_count_max, mebibyte)},
        {"data", text(&Config::data)},
        {"field_count_max", count(&Limits::field_count_max, mebibyte)},
        {"head_bytes_max", count(&Limits::head_bytes_max, mebibyte)},
        {"heartbeat_ms", milliseconds(&Limits::heartbeat)},
        {"idle_ms", milliseconds(&Limits::idle)},
        {"insecure_http", boolean(&Config::insecure_http)},
        {"io_threads", number<std::size_t>(
                           [](Config & config) -> auto& { return config.io_threads; }, 256)},
        {"listen", text(&Config::listen)},
        {"log_requests", boolean(&Config::log_requests)},
        {"mail_from", text(&Config::mail_from)},
        {"metrics_token", text(&Config::metrics_token)},
        {"oidc_client_id", text(&Config::oidc_client_id)},
        {"oidc_client_secret_file", text(&Config::oidc_client_secret_file)},
        {"oidc_insecure_loopback", boolean(&Config::oidc_insecure_loopback)},
        {"oidc_issuer", text(&Config::oidc_issuer)},
        {"request_ms", milliseconds(&Limits::request)},
        {"sandbox", boolean(&Config::sandbox)},
        {"sandbox_start", set_sandbox_start},
        {"session_idle_s", life(&SessionLife::idle)},
        {"session_s", life(&SessionLife::longest)},
        {"smtp_password_file", text(&Config::smtp_password_file)},
        {"smtp_url", text(&Config::smtp_url)},
        {"smtp_user", text(&Config::smtp_user)},
        {"stream_replay_max",
         number<std::uint64_t>(
             [](Config & config) -> auto& { return config.stream_replay_max; }, billion)},
        {"streams_per_account",
         number<std::size_t>(
             [](Config & config) -> auto& { return config.streams_per_account; }, mebibyte)},
        {"target_bytes_max", count(&Limits::target_bytes_max, mebibyte)},
        {"tls_cert", text(&Config::tls_cert)},
        {"tls_key", text(&Config::tls_key)},
        {"webhook_allow", text(&Config::webhook_allow)},
        {"webhook_ca_file", text(&Config::webhook_ca_file)},
        {"workflows", text(&Config::workflows)},
        {"write_ms", milliseconds(&Limits::write)},
    }};
    return all;
}

Error refusal(std::string message) {
    return Error{.code = ErrorCode::invalid_argument, .message = std::move(message)};
}

/// Whether the text is that scheme and a host, perhaps with a port, and nothing else.
bool is_origin(std::string_view url, std::string_view scheme) {
    const auto belongs = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == ':' || c == '[' || c == ']';
    };
    return url.starts_with(scheme) && url.size() > scheme.size() &&
           std::ranges::all_of(url.substr(scheme.size()), belongs);
}

bool is_loopback_origin(std::string_view url) {
    return is_origin(url, "http://") &&
           (url.starts_with("http://127.") || url.starts_with("http://localhost") ||
            url.starts_with("http://[::1]"));
}

/// Links in mails and redirects of providers lead to one address, whatever a request says.
Result<void> check_logins(const Config& config) {
    if (!config.base_url.empty() && !is_origin(config.base_url, "https://") &&
        !is_loopback_origin(config.base_url)) {
        return refusal("base_url is \"" + config.base_url +
                       "\" but must be https:// and a host in lower case, without a path, such "
                       "as https://sillage.example.org; http:// only for localhost.");
    }
    if (!config.smtp_url.empty() && (config.mail_from.empty() || config.base_url.empty())) {
        return refusal("To send mail (smtp_url), mail_from and base_url must be set as well.");
    }
    if (!config.smtp_user.empty() && config.smtp_password_file.empty()) {
        return refusal("smtp_user needs smtp_password_file.");
    }
    if (config.oidc_issuer.empty() != config.oidc_client_id.empty() ||
        (!config.oidc_issuer.empty() && config.base_url.empty())) {
        return refusal(
            "To sign in by a provider, oidc_issuer, oidc_client_id and base_url must "
            "be set together.");
    }
    const bool is_secure =
        config.oidc_issuer.empty() || config.oidc_issuer.starts_with("https://") ||
        (config.oidc_insecure_loopback &&
         is_loopback_origin(config.oidc_issuer.substr(
             0, config.oidc_issuer.find('/', std::string_view("http://").size()))));
    if (!is_secure) {
        return refusal(
            "oidc_issuer must be an https:// address; http:// only on this machine, "
            "with oidc_insecure_loopback.");
    }
    return success();
}

Result<void> check_together(const Config& config) {
    if (config.tls_cert.empty() != config.tls_key.empty()) {
        return refusal("TLS needs both a certificate (--tls-cert) and its key (--tls-key).");
    }
    if (config.sandbox_start && !config.sandbox) {
        return refusal("--sandbox-start needs --sandbox.");
    }
    SILLAGE_TRY(check_logins(config));
    SILLAGE_TRY(const bool is_local, is_loopback(config.listen));
    if (!is_local && config.tls_cert.empty() && !config.insecure_http) {
        return refusal(config.listen +
                       " can be reached from other machines, and tokens would travel in the "
                       "clear. Give --tls-cert and --tls-key, or --insecure-http if a proxy in "
                       "front does TLS.");
    }
    return success();
}

Error unknown_setting(const std::string& name, std::string where) {
    const std::string near = nearest(name, setting_names());
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "There is no setting \"" + name + "\"" +
                            (near.empty() ? "." : did_you_mean(near)),
                 .where = std::move(where)};
}

std::string place_in(std::string_view file, Place place) {
    return std::string(file) + ":" + std::to_string(place.line) + ":" +
           std::to_string(place.column);
}

}  // namespace

std::span<const std::string_view> setting_names() {
    static const auto names = [] {
        std::array<std::string_view, std::tuple_size_v<std::decay_t<decltype(entries())>>> all;
        std::ranges::transform(entries(), all.begin(), &Entry::name);
        return all;
    }();
    return names;
}

std::vector<Setting> environment_settings(const char* (*look_up)(const char*)) {
    std::vector<Setting> settings;
    for (const std::string_view name : setting_names()) {
        std::string variable = "SILLAGE_" + std::string(name);
        std::ranges::transform(variable, variable.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        if (const char* value = look_up(variable.c_str()); value != nullptr && *value != '\0') {
            settings.push_back(Setting{std::string(name), value, variable});
        }
    }
    return settings;
}

Result<std::vector<Setting>> file_settings(std::string_view text, std::string_view file) {
    const FlatMapping mapping = read_flat_mapping(text, file);
    for (const Finding& finding : mapping.findings) {
        if (finding.severity == Severity::error) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = finding.message,
                         .where = place_in(file, finding.place)};
        }
    }
    std::vector<Setting> settings;
    for (const FlatMapping::Entry& entry : mapping.entries) {
        const std::string where = place_in(file, entry.place);
        if (std::ranges::find(setting_names(), entry.name) == setting_names().end()) {
            return unknown_setting(entry.name, where);
        }
        settings.push_back(Setting{entry.name, entry.text, where});
    }
    return settings;
}

Result<Config> make_config(const std::vector<Setting>& settings) {
    Config config;
    for (const Setting& setting : settings) {
        const auto entry = std::ranges::find(entries(), setting.name, &Entry::name);
        if (entry == entries().end()) {
            return unknown_setting(setting.name, setting.origin);
        }
        SILLAGE_TRY(entry->set(config, setting));
    }
    SILLAGE_TRY(check_together(config));
    return config;
}

}  // namespace sillage::server
