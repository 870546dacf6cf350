#pragma once

#include <memory>
#include <string>

#include "engine/base/result.hpp"
#include "server/app/config.hpp"
#include "server/http/log.hpp"
#include "server/http/message.hpp"

namespace sillage::server {

/// The whole server: what is wired to what.
class App {
  public:
    /// Opens the data folder, publishes the workflows, listens. `say` gets the lines that are for
    /// the person who starts it and not for the log: findings, and the one-time link.
    /// Errors: see exit_status_of.
    [[nodiscard]] static Result<std::unique_ptr<App>> start(
        const Config& config, Log log, const std::function<void(std::string)>& say);
    /// Answers one request of the operator's on a data folder that nobody serves, as its server
    /// would, but listens nowhere, publishes nothing and fires no timer.
    /// Errors: folder_locked: somebody serves it after all; as of start.
    [[nodiscard]] static Result<Response> answer(Config config, Log log, Request request);
    /// Stops, without waiting for requests that run.
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    /// Where it listens. Ex. `127.0.0.1:8080`.
    [[nodiscard]] const std::string& address() const;

    /// Fires timers and waits until SIGTERM, SIGINT, `request_stop` or a failure of the storage;
    /// then accepts no more, lets requests be answered for 10 s at most, and ends all threads.
    /// Gives the exit status.
    [[nodiscard]] int run();
    /// From any thread, but from no signal handler.
    void request_stop();

  private:
    struct State;
    explicit App(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
