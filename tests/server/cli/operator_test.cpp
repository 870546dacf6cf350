#include "server/cli/operator.hpp"

#include <doctest/doctest.h>

#include <future>
#include <mutex>

#include "engine/base/json.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "server/app/app.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

using test::error_of;
using test::ok;

/// A server that runs until this goes, and the events of its log.
class Running {
  public:
    explicit Running(const Config& config)
        : app_(ok(App::start(
              config,
              [this](std::string_view event, const boost::json::object& fields) {
                  const std::lock_guard lock(mutex_);
                  lines_ += std::string(event) + " " + to_json_text(fields) + "\n";
              },
              [](const std::string&) {}))),
          status_(std::async(std::launch::async, [this] { return app_->run(); })) {}
    ~Running() {
        app_->request_stop();
        status_.wait();
    }

    std::string lines() {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

  private:
    std::mutex mutex_;
    std::string lines_;
    std::unique_ptr<App> app_;
    std::future<int> status_;
};

Config config_for(const std::string& data) {
    Config config;
    config.data = data;
    config.listen = "127.0.0.1:0";
    return config;
}

boost::json::value ask(const std::string& folder, Method method, const std::string& target,
                       const std::string& body = "") {
    return ok(operate_json(folder, {method, target, body}));
}

}  // namespace

TEST_SUITE("cli/operator") {
    TEST_CASE("TM47: the operator's requests go through the server's log, with the user's name") {
        const test::TemporaryFolder folder;
        const std::string data = folder.path() / "data";
        Running server(config_for(data));

        const auto me = ask(data, Method::get, "/v1/me");
        ask(data, Method::post, "/v1/clusters", R"({"name":"Vallée","country":"FR"})");

        const std::string id(me.at("id").as_string());
        CHECK(id.starts_with("operator:"));
        CHECK(server.lines().find("operator_request") != std::string::npos);
        CHECK(server.lines().find("\"operator\":\"" + id.substr(9) + "\"") != std::string::npos);
        CHECK(server.lines().find("\"route\":\"/v1/clusters\"") != std::string::npos);
    }

    TEST_CASE("where nobody serves the folder the same request is answered here") {
        const test::TemporaryFolder folder;
        const std::string data = folder.path() / "data";
        { const Running server(config_for(data)); }

        ask(data, Method::post, "/v1/clusters", R"({"name":"Vallée","country":"FR"})");

        const Running server(config_for(data));
        const auto clusters = ask(data, Method::get, "/v1/clusters");
        CHECK(clusters.at("items").as_array().size() == 1);
    }

    TEST_CASE("in a sandbox's folder the operator has its clock") {
        const test::TemporaryFolder folder;
        const std::string data = folder.path() / "data";
        Config config = config_for(data);
        config.sandbox = true;
        { const Running server(config); }

        const auto made = ask(data, Method::post, "/v1/accounts", R"({"name":"Ana"})");

        CHECK(made.at("created_at").as_string() == "2027-01-01T00:00:00.000Z");
    }

    TEST_CASE("a folder that is not there is not made") {
        const test::TemporaryFolder folder;
        const std::string data = folder.path() / "data";

        CHECK(error_of(operate(data, {Method::get, "/v1/me"})).code == ErrorCode::not_found);
        CHECK_FALSE(std::filesystem::exists(data));
    }

    TEST_CASE("a path longer than a socket's address may be is no hindrance") {
        const test::TemporaryFolder folder;
        const std::string data = folder.path() / std::string(150, 'd');
        const Running server(config_for(data));

        CHECK(ask(data, Method::get, "/v1/me").at("rights").as_array().size() == 1);
    }

    TEST_CASE("what the server refuses is told in its words") {
        const test::TemporaryFolder folder;
        const std::string data = folder.path() / "data";
        const Running server(config_for(data));

        const Error error = error_of(operate_json(
            data, {Method::post, "/v1/clusters", R"({"name":"Vallée","contry":"FR"})"}));

        CHECK(error.where == "/contry");
        CHECK(error.message.find("contry") != std::string::npos);
        CHECK(ok(operate(data, {Method::get, "/v1/nothing"})).status == Status::not_found);
    }
}

}  // namespace sillage::server
