#include "server/app/config.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

std::string refusal_of(const std::vector<Setting>& settings) {
    return test::error_of(make_config(settings)).message;
}

const char* small_environment(const char* name) {
    if (std::strcmp(name, "SILLAGE_TLS_CERT") == 0) {
        return "cert.pem";
    }
    return std::strcmp(name, "SILLAGE_DATA") == 0 ? "" : nullptr;
}

}  // namespace

TEST_SUITE("app/config") {
    TEST_CASE("without settings the defaults of the contract hold") {
        const Config config = test::ok(make_config({}));

        CHECK(config.data == "./sillage-data");
        CHECK(config.listen == "127.0.0.1:8080");
        CHECK(config.limits.body_bytes_max == 1'048'576);
        CHECK_FALSE(config.sandbox);
    }

    TEST_CASE("the later setting of a name wins") {
        const Config config = test::ok(make_config({{"data", "file", "sillage.yaml"},
                                                    {"data", "environment", "SILLAGE_DATA"},
                                                    {"data", "flag", "--data"}}));
        CHECK(config.data == "flag");
    }

    TEST_CASE("every name can be set") {
        CHECK(std::ranges::is_sorted(setting_names()));
        const Config config = test::ok(make_config({{"io_threads", "2", ""},
                                                    {"idle_ms", "50", ""},
                                                    {"account_requests_max", "600", ""},
                                                    {"account_running_max", "4", ""},
                                                    {"account_window_s", "60", ""},
                                                    {"sandbox", "true", ""},
                                                    {"sandbox_start", "2027-06-01T00:00:00Z", ""},
                                                    {"tls_cert", "a", ""},
                                                    {"tls_key", "b", ""},
                                                    {"session_idle_s", "60", ""},
                                                    {"session_s", "3600", ""},
                                                    {"listen", "0.0.0.0:443", ""}}));
        CHECK(config.session_life == SessionLife{Duration{60'000}, Duration{3'600'000}});
        CHECK(config.io_threads == 2);
        CHECK(config.limits.idle == std::chrono::milliseconds(50));
        CHECK(config.allowance.requests == 600);
        CHECK(config.allowance.running == 4);
        CHECK(config.allowance.window == std::chrono::minutes(1));
        CHECK(config.sandbox_start == test::ok(parse_instant("2027-06-01T00:00:00Z")));
    }

    TEST_CASE("an unknown name is refused with the nearest known one") {
        CHECK(refusal_of({{"lisen", "a", "sillage.yaml"}}) ==
              "There is no setting \"lisen\"; did you mean \"listen\"?");
    }

    TEST_CASE("a value that cannot be read is refused with where it came from") {
        CHECK(refusal_of({{"sandbox", "yes", "SILLAGE_SANDBOX"}}) ==
              "SILLAGE_SANDBOX is \"yes\" but must be true or false.");
        CHECK(refusal_of({{"io_threads", "0", "--io-threads"}}) ==
              "--io-threads is \"0\" but must be a whole number from 1 to 256.");
        CHECK(refusal_of({{"idle_ms", "10s", "sillage.yaml"}}).find("86400000") !=
              std::string::npos);
        CHECK(refusal_of({{"sandbox", "true", ""}, {"sandbox_start", "soon", "--sandbox-start"}})
                  .starts_with("--sandbox-start is \"soon\" but must be an instant"));
    }

    TEST_CASE("an address that others can reach needs TLS or a proxy that does it") {
        CHECK(refusal_of({{"listen", "0.0.0.0:80", ""}}).find("--insecure-http") !=
              std::string::npos);
        test::ok(make_config({{"listen", "0.0.0.0:80", ""}, {"insecure_http", "true", ""}}));
        CHECK(refusal_of({{"listen", "nowhere", ""}}).find("nowhere") != std::string::npos);
    }

    TEST_CASE("settings that need each other are refused alone") {
        CHECK_FALSE(refusal_of({{"tls_cert", "a", ""}}).empty());
        CHECK_FALSE(refusal_of({{"sandbox_start", "2027-06-01T00:00:00Z", ""}}).empty());
    }

    TEST_CASE("TM38: links lead to one address, over TLS or on this machine") {
        for (const std::string url : {"https://a.example", "https://a.example:8443",
                                      "http://localhost:8080", "http://127.0.0.1:8080"}) {
            CAPTURE(url);
            CHECK(test::ok(make_config({{"base_url", url, ""}})).base_url == url);
        }
        for (const std::string url :
             {"http://a.example", "https://", "https://a.example/", "https://a.example/x",
              "https://u@a.example", "https://a.example\r\nX: y", "a.example"}) {
            CAPTURE(url);
            CHECK(refusal_of({{"base_url", url, ""}}).starts_with("base_url is "));
        }
    }

    TEST_CASE("what mail and providers need is asked for together") {
        const Setting base{"base_url", "https://a.example", ""};
        CHECK(refusal_of({{"smtp_url", "smtp://m", ""}}).find("mail_from") != std::string::npos);
        CHECK(refusal_of({base, {"smtp_user", "u", ""}}).find("smtp_password_file") !=
              std::string::npos);
        test::ok(make_config({base, {"smtp_url", "smtp://m", ""}, {"mail_from", "a@b", ""}}));
        CHECK_FALSE(refusal_of({base, {"oidc_issuer", "https://i.example", ""}}).empty());
        const Setting client{"oidc_client_id", "c", ""};
        const Setting plain{"oidc_issuer", "http://127.0.0.1:3000/x", ""};
        test::ok(make_config({base, client, {"oidc_issuer", "https://i.example", ""}}));
        CHECK(refusal_of({base, client, plain}).find("https://") != std::string::npos);
        test::ok(make_config({base, client, plain, {"oidc_insecure_loopback", "true", ""}}));
        CHECK_FALSE(refusal_of({base,
                                client,
                                {"oidc_issuer", "http://i.example", ""},
                                {"oidc_insecure_loopback", "true", ""}})
                        .empty());
    }

    TEST_CASE("a config file gives names and values with their places") {
        CHECK(test::ok(file_settings("data: ./here\nsandbox: true\n", "a.yaml")) ==
              std::vector<Setting>{{"data", "./here", "a.yaml:1:1"},
                                   {"sandbox", "true", "a.yaml:2:1"}});
    }

    TEST_CASE("a config file with an unknown name or no mapping is refused where it stands") {
        const Error unknown = test::error_of(file_settings("data: a\nlisen: b\n", "a.yaml"));
        CHECK(unknown.message == "There is no setting \"lisen\"; did you mean \"listen\"?");
        CHECK(unknown.where == "a.yaml:2:1");
        CHECK(test::error_of(file_settings("- a\n", "a.yaml")).where.starts_with("a.yaml:1:"));
    }

    TEST_CASE("the environment is read by known names, and an empty value is none") {
        CHECK(environment_settings(small_environment) ==
              std::vector<Setting>{{"tls_cert", "cert.pem", "SILLAGE_TLS_CERT"}});
    }
}

}  // namespace sillage::server
