#include "server/app/app.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <future>

#include "tests/support/ok.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

Config config_for(const test::TemporaryFolder& folder) {
    Config config;
    config.data = folder.path() / "data";
    config.listen = "127.0.0.1:0";
    config.admin_token = "sil_test";
    return config;
}

void ignore_log(std::string_view, const boost::json::object&) {}

/// A server that runs until this goes.
class Running {
  public:
    explicit Running(const Config& config)
        : app_(test::ok(App::start(config, ignore_log,
                                   [this](const std::string& line) { said.push_back(line); }))),
          status_(std::async(std::launch::async, [this] { return app_->run(); })) {}
    ~Running() { stop(); }

    int stop() {
        if (status_.valid()) {
            app_->request_stop();
            return status_.get();
        }
        return -1;
    }
    std::string answer_to(const std::string& line, const std::string& body = "") {
        test::RawClient client(app_->address());
        client.send(line + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer " +
                    "sil_test\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
        return client.read_answer();
    }

    [[nodiscard]] const std::string& address() const { return app_->address(); }

    std::vector<std::string> said;

  private:
    std::unique_ptr<App> app_;
    std::future<int> status_;
};

std::vector<std::string> said_at_start(const Config& config) {
    const Running server(config);
    return server.said;
}

}  // namespace

TEST_SUITE("app/app") {
    TEST_CASE("a server answers, stops when asked, and keeps what it was told") {
        const test::TemporaryFolder folder;
        {
            Running server(config_for(folder));
            CHECK(server.answer_to("GET /healthz").starts_with("HTTP/1.1 200 "));
            CHECK(server.answer_to("GET /readyz").starts_with("HTTP/1.1 200 "));
            CHECK(server.answer_to("POST /v1/clusters", R"({"name":"Vallée","country":"FR"})")
                      .starts_with("HTTP/1.1 201 "));
            CHECK(server.stop() == 0);
        }
        Running server(config_for(folder));
        const std::string list = server.answer_to("GET /v1/clusters");
        CHECK(list.find("Vallée") != std::string::npos);
        CHECK(list.find("Sillage-Sandbox") == std::string::npos);
    }

    TEST_CASE("of requests with one key that come at once one does its work, and each is told") {
        const test::TemporaryFolder folder;
        Running server(config_for(folder));
        constexpr int rounds = 5;
        for (int round = 0; round < rounds; ++round) {
            std::vector<std::unique_ptr<test::RawClient>> clients(8);
            for (auto& client : clients) {
                client = std::make_unique<test::RawClient>(server.address());
            }
            for (const auto& client : clients) {
                client->send(
                    "POST /v1/clusters HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                    "sil_test\r\nContent-Type: application/json\r\nIdempotency-Key: k" +
                    std::to_string(round) +
                    "\r\nContent-Length: 27\r\n\r\n{\"name\":\"V\",\"country\":\"FR\"}");
            }
            int first_count = 0;
            for (const auto& client : clients) {
                const std::string answer = client->read_answer();
                const bool is_made = answer.starts_with("HTTP/1.1 201 ");
                const bool is_replay = answer.find("\r\nIdempotency-Replayed: ") < answer.size();
                first_count += is_made && !is_replay ? 1 : 0;
                CHECK((is_made || answer.find("/problems/in-progress") < answer.size()));
            }
            CHECK(first_count == 1);
        }
        const std::string list = server.answer_to("GET /v1/clusters");
        CHECK(list.find("\"next_cursor\":null") != std::string::npos);
        std::size_t count = 0;
        for (std::size_t at = list.find("clu_"); at < list.size(); at = list.find("clu_", at + 1)) {
            ++count;
        }
        CHECK(count == rounds);
    }

    TEST_CASE("a signal that comes before the server runs stops it cleanly") {
        const test::TemporaryFolder folder;
        const auto app =
            test::ok(App::start(config_for(folder), ignore_log, [](const std::string&) {}));

        std::raise(SIGTERM);

        CHECK(app->run() == 0);
    }

    TEST_CASE("a data folder serves one process at a time") {
        const test::TemporaryFolder folder;
        const Running server(config_for(folder));

        CHECK(test::error_of(App::start(config_for(folder), ignore_log, [](const auto&) {})).code ==
              ErrorCode::folder_locked);
    }

    TEST_CASE("a sandbox says so in every answer and its clock moves when asked") {
        const test::TemporaryFolder folder;
        Config config = config_for(folder);
        config.sandbox = true;
        Running server(config);

        CHECK(server.answer_to("GET /nothing").find("\r\nSillage-Sandbox: true\r\n") !=
              std::string::npos);
        const std::string answer =
            server.answer_to("POST /v1/sandbox/advance", R"({"by":"14 days"})");
        CHECK(answer.find(R"({"now":"2027-01-15T00:00:00.000Z","fired":0})") != std::string::npos);
    }

    TEST_CASE("a sandbox's folder is never served as a real one") {
        const test::TemporaryFolder folder;
        Config config = config_for(folder);
        config.sandbox = true;
        said_at_start(config);

        config.sandbox = false;
        CHECK(test::error_of(App::start(config, ignore_log, [](const auto&) {
              })).message.find("--sandbox") != std::string::npos);
    }

    TEST_CASE("without an administrator's token one link is said, with it nothing") {
        const test::TemporaryFolder with_token;
        CHECK(said_at_start(config_for(with_token)).empty());

        const test::TemporaryFolder without_token;
        Config config = config_for(without_token);
        config.admin_token.clear();
        const auto said = said_at_start(config);
        REQUIRE(said.size() == 1);
        CHECK(said[0].find("http://127.0.0.1:") != std::string::npos);
        CHECK(said[0].find("/setup/") != std::string::npos);
    }

    TEST_CASE("a workflow that does not pass stops the start with its findings") {
        const test::TemporaryFolder folder;
        Config config = config_for(folder);
        config.workflows = folder.path();
        std::ofstream(folder.path() / "broken.yaml") << "workflow: broken\nversion: 1\nstats: {}\n";
        std::vector<std::string> said;

        const Error error = test::error_of(
            App::start(config, ignore_log, [&](const std::string& line) { said.push_back(line); }));

        CHECK(error.code == ErrorCode::definition_invalid);
        REQUIRE_FALSE(said.empty());
        CHECK(said[0].find("broken.yaml:") != std::string::npos);
    }
}

}  // namespace sillage::server
