#include "server/app/app.hpp"

#include <sys/resource.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <fstream>
#include <optional>

#include "engine/base/json.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "server/app/chance.hpp"
#include "server/app/exit_status.hpp"
#include "server/app/link_mail.hpp"
#include "server/app/request_log.hpp"
#include "server/app/setup_code.hpp"
#include "server/app/use_writer.hpp"
#include "server/app/webhooks.hpp"
#include "server/app/workflow_files.hpp"
#include "server/auth/stored_account.hpp"
#include "server/auth/token.hpp"
#include "server/html/page_frame.hpp"
#include "server/http/listener.hpp"
#include "server/http/problem.hpp"
#include "server/http/trace.hpp"
#include "server/metrics/metrics.hpp"
#include "server/outward/fetcher.hpp"
#include "server/outward/mailer.hpp"
#include "server/routes/login_desk.hpp"
#include "server/routes/openapi.hpp"
#include "server/routes/provider.hpp"
#include "server/routes/routes.hpp"
#include "server/routes/site.hpp"
#include "server/schedule/sandbox.hpp"
#include "server/schedule/scheduler.hpp"
#include "server/stream/hub.hpp"
#include "server/web/docs.hpp"
#include "server/web/problem_page.hpp"

namespace sillage::server {

namespace {

/// How long requests that run may take when the server stops: published in api.md, 1.
constexpr std::chrono::milliseconds stop_grace{10'000};
/// The same when the storage has failed: what is still to come can only be refused.
constexpr std::chrono::milliseconds failure_grace{1'000};

/// Where links lead when nothing is configured: this machine.
std::string base_url_of(const Config& config) {
    return !config.base_url.empty()
               ? config.base_url
               : std::string(config.tls_cert.empty() ? "http" : "https") + "://" + config.listen;
}

/// The first line of a file that holds a password; empty without a file.
Result<std::string> read_secret(const std::string& path) {
    std::string line;
    if (path.empty()) {
        return line;
    }
    std::ifstream file(path);
    if (!std::getline(file, line) || line.empty()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "The file " + path + " holds no password in its first line.",
                     .where = path};
    }
    return line;
}

/// Connections are file descriptors; the soft limit is 1,024 on most systems.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

net::awaitable<Result<SandboxDoor::Advanced>> advance_through_door(Sandbox& sandbox, Gate& gate,
                                                                   Instant to) {
    SILLAGE_CO_TRY(const Advanced advanced, co_await sandbox.advance(gate, to));
    SandboxDoor::Advanced answer;
    answer.now = advanced.now;
    answer.fired = advanced.fired;
    co_return answer;
}

SandboxDoor door_to(Sandbox& sandbox, Gate& gate) {
    SandboxDoor door;
    door.now = [&sandbox] { return sandbox.now(); };
    door.after = [&sandbox](std::string_view by) { return sandbox.after(by); };
    door.advance = [&sandbox, &gate](Instant to) {
        return advance_through_door(sandbox, gate, to);
    };
    return door;
}

}  // namespace

/// In the order they are made; what comes later refers to what came before.
struct App::State {
    State(const Config& settings, Log sink, std::shared_ptr<Metrics> measured,
          std::unique_ptr<Store> opened)
        : config(settings),
          log(std::move(sink)),
          metrics(std::move(measured)),
          store(std::move(opened)),
          runtime(*store, fill_with_chance) {}

    const Config config;
    const Log log;
    /// Shared with the store, whose commits it counts.
    const std::shared_ptr<Metrics> metrics;
    net::io_context control{1};
    /// From the start on: a signal that comes before `run` waits for it here.
    net::signal_set signals{control, SIGTERM, SIGINT};
    std::unique_ptr<Store> store;
    Feed feed;
    Runtime runtime;
    std::optional<Sandbox> sandbox;
    std::optional<Gate> gate;
    std::optional<Scheduler> scheduler;
    std::optional<Hub> hub;
    std::optional<Services> services;
    std::optional<Fetcher> fetcher;
    std::optional<Mailer> mailer;
    std::optional<LinkMail> link_mail;
    std::optional<DisabledMail> disabled_mail;
    std::unique_ptr<Courier> courier;
    Router router;
    std::unique_ptr<Listener> listener;
    std::atomic<int> status = exit_ok;
    bool has_ended = false;

    [[nodiscard]] Clock clock() {
        return sandbox ? Clock([this] { return sandbox->now(); }) : Clock(system_now);
    }

    void open_gate() {
        gate.emplace(runtime);
        gate->on_work = [this](const Gate::Times& times) {
            metrics->engine_wait.observe(times.waited);
            metrics->step.observe(times.ran);
        };
        gate->on_failure = [this](const Error& error) {
            log("storage_failed", {{"code", name_of(error.code)}, {"message", error.message}});
            status = exit_storage;
            net::post(control, [this] { control.stop(); });
        };
        ScheduleOptions options;
        options.clock = clock();
        options.log = log;
        options.on_fired = [this](std::size_t fired, Duration late) {
            metrics->timers_fired.add(fired);
            metrics->timer_late.observe(std::chrono::milliseconds(late.milliseconds));
        };
        scheduler.emplace(*gate, control.get_executor(), options);
        HubOptions hub_options;
        hub_options.clock = clock();
        hub_options.log = log;
        hub_options.base_url = base_url_of(config);
        hub_options.streams_per_account = config.streams_per_account;
        hub_options.replay_max = config.stream_replay_max;
        hub.emplace(*gate, feed, control.get_executor(), hub_options);
    }

    /// What is the same for everybody, made once.
    [[nodiscard]] Site make_site() const {
        const auto document = openapi_document(table_of_routes(services->sandbox.is_open()));
        Site site;
        site.emplace("/openapi.json", site_page("application/json", to_json_text(document)));
        site.emplace("/docs", site_page("text/html; charset=utf-8", docs_page(document)));
        SitePage style = site_page("text/css; charset=utf-8", std::string(site_style));
        style.is_immutable = true;
        site.emplace(site_style_path(), std::move(style));
        for (const Problem& kind : problems()) {
            site.emplace("/problems/" + std::string(kind.code),
                         site_page("text/html; charset=utf-8", problem_page(kind)));
        }
        return site;
    }

    void make_routes() {
        services.emplace(Services{.gate = *gate, .random = fill_with_chance});
        services->allowances = std::make_unique<Allowances>(config.allowance);
        services->holders = std::make_unique<Holders>(
            config.admin_token.empty() ? std::string() : token_hash(config.admin_token),
            config.session_life);
        services->login = std::make_shared<LoginDesk>();
        services->login->base_url = base_url_of(config);
        services->origin = config.base_url;
        services->hub = &*hub;
        services->metrics = metrics.get();
        services->metrics_hash =
            config.metrics_token.empty() ? std::string() : token_hash(config.metrics_token);
        if (sandbox) {
            services->sandbox = door_to(*sandbox, *gate);
        }
        router.on_error = [this](const Request& request, const Error& error) {
            log_error(log, request, error);
        };
        services->site = make_site();
        router.on_answer = [this](const Request& request, Status answered,
                                  std::chrono::nanoseconds took) {
            tell_answer(request, answered, took);
        };
        add_routes(router, *services);
        metrics->requests.expect(router.routes());
        metrics->sources.emplace_back([this](Exposition& out) { tell_rooms(out); });
    }

    void tell_answer(const Request& request, Status answered, std::chrono::nanoseconds took) const {
        metrics->requests.observe(name_of(request.method), request.route,
                                  static_cast<int>(answered), took);
        log_operator(log, request, answered);
        if (config.log_requests) {
            log_request(log, request, answered, took);
        }
    }

    /// What is asked for when somebody reads the metrics.
    void tell_rooms(Exposition& out) const {
        out.gauge("sillage_engine_waiting", "Pieces of work that wait for the engine",
                  static_cast<double>(gate->waiting_count()));
        out.gauge("sillage_stream_clients", "Streams that are open",
                  static_cast<double>(hub->stream_count()));
        out.counter("sillage_stream_messages_total", "Messages handed to streams",
                    hub->counts().messages);
        out.counter("sillage_stream_cut_total", "Streams ended because their reader was too slow",
                    hub->counts().cut);
        out.gauge("sillage_stream_age_seconds", "Age of the oldest entry that streams still lack",
                  hub->age_seconds());
        if (courier) {
            tell_deliveries(out, courier->figures());
        }
    }

    /// Errors: invalid_argument: the password cannot be read.
    Result<void> open_mail() {
        if (config.smtp_url.empty()) {
            return success();
        }
        MailServer server;
        server.url = config.smtp_url;
        server.user = config.smtp_user;
        server.from = config.mail_from;
        SILLAGE_TRY(server.password, read_secret(config.smtp_password_file));
        mailer.emplace(std::move(server), [this](const std::string& failure) {
            log(failure.empty() ? "mail_sent" : "mail_failed", {{"what", failure}});
        });
        link_mail.emplace(control.get_executor(), LinkMail::Parts{.gate = *gate,
                                                                  .mailer = *mailer,
                                                                  .random = fill_with_chance,
                                                                  .clock = clock(),
                                                                  .log = log,
                                                                  .base_url = config.base_url});
        services->login->mail_link = [this](const std::string& email) { link_mail->ask(email); };
        return success();
    }

    /// Errors: invalid_argument: the secret cannot be read.
    Result<void> open_provider() {
        if (config.oidc_issuer.empty()) {
            return success();
        }
        ProviderSettings settings;
        settings.issuer = config.oidc_issuer;
        settings.client_id = config.oidc_client_id;
        settings.redirect_uri = config.base_url + "/login/oidc/callback";
        settings.insecure_loopback = config.oidc_insecure_loopback;
        SILLAGE_TRY(settings.client_secret, read_secret(config.oidc_client_secret_file));
        FetchLimits limits;
        limits.insecure_loopback = config.oidc_insecure_loopback;
        fetcher.emplace(limits);
        const auto fetch = [this](FetchRequest request) {
            return fetcher->fetch(std::move(request));
        };
        services->login->provider =
            std::make_shared<Provider>(std::move(settings), fetch, fill_with_chance);
        return success();
    }

    /// Errors: invalid_argument: a setting; those of the book of deliveries.
    Result<void> open_courier() {
        if (mailer) {
            disabled_mail.emplace(control.get_executor(),
                                  DisabledMail::Parts{.gate = *gate,
                                                      .mailer = *mailer,
                                                      .random = fill_with_chance,
                                                      .clock = clock(),
                                                      .log = log});
        }
        SILLAGE_TRY(CourierParts parts, courier_parts(config, *gate, log));
        parts.base_url = base_url_of(config);
        parts.on_disabled = [this](const std::string& account, const std::string& url,
                                   std::string_view reason) {
            if (disabled_mail) {
                disabled_mail->tell(account, url, std::string(reason));
            }
        };
        SILLAGE_TRY(services->deliveries, door_to(courier, config));
        services->deliveries.base_url = base_url_of(config);
        services->deliveries.log = log;
        SILLAGE_TRY(courier, Courier::start(std::move(parts)));
        feed.on_growth = [this] { courier->grow(); };
        return success();
    }

    Result<void> listen() {
        Service service;
        service.router = &router;
        service.limits = config.limits;
        service.clock = clock();
        service.log = log;
        if (sandbox) {
            service.extras.push_back(Field{"Sillage-Sandbox", "true"});
        }
        ListenOptions options;
        options.address = config.listen;
        options.thread_count = config.io_threads;
        options.operator_folder = config.data;
        if (!config.tls_cert.empty()) {
            options.tls = TlsFiles{config.tls_cert, config.tls_key};
        }
        SILLAGE_TRY(listener, Listener::start(options, std::move(service)));
        log("listening", {{"address", listener->address()},
                          {"tls", !config.tls_cert.empty()},
                          {"sandbox", sandbox.has_value()}});
        return success();
    }

    /// Everything that has threads, so that nothing touches what is destroyed next.
    void end(std::chrono::milliseconds grace) {
        if (has_ended) {
            return;
        }
        has_ended = true;
        if (listener) {
            const bool all_answered = listener->stop(grace);
            log("stopped", {{"all_answered", all_answered}});
        }
        if (services) {
            services->layouts->stop();
        }
        fetcher.reset();
        if (courier) {
            courier->stop();
        }
        if (gate) {
            gate->stop();
        }
    }
};

namespace {

Result<void> publish(Runtime& runtime, const std::string& folder, Instant now,
                     const std::function<void(std::string)>& say) {
    if (folder.empty()) {
        return success();
    }
    SILLAGE_TRY(const auto files, read_workflow_files(folder));
    std::vector<Finding> findings;
    const Result<void> published = publish_files(runtime, files, now, findings);
    for (const Finding& finding : findings) {
        say(to_string(finding));
    }
    return published;
}

/// The store of the folder, whose commits are counted.
Result<std::unique_ptr<SqliteStore>> open_store(const Config& config,
                                                const std::shared_ptr<Metrics>& metrics) {
    SqliteOptions options;
    options.folder = config.data;
    options.on_commit = [metrics](const CommitTimes& times) {
        metrics->commit.observe(times.whole);
        metrics->fsync.observe(times.sync);
        metrics->entries.add(times.entry_count);
    };
    return SqliteStore::open(options);
}

std::string setup_link(const Config& config, const std::string& address, const std::string& code) {
    return "Make the first administrator, once and within 30 minutes, at " +
           std::string(config.tls_cert.empty() ? "http" : "https") + "://" + address + "/setup/" +
           code;
}

}  // namespace

Result<std::unique_ptr<App>> App::start(const Config& config, Log log,
                                        const std::function<void(std::string)>& say) {
    raise_descriptor_limit();
    std::signal(SIGPIPE, SIG_IGN);  // a closed log must not end the server
    auto metrics = std::make_shared<Metrics>();
    SILLAGE_TRY(auto store, open_store(config, metrics));
    const auto sandbox_start =
        config.sandbox ? std::optional(config.sandbox_start.value_or(sandbox_start_default))
                       : std::nullopt;
    SILLAGE_TRY(const auto sandbox_now, mark_folder(*store, sandbox_start));
    auto state =
        std::make_unique<State>(config, std::move(log), std::move(metrics), std::move(store));
    if (sandbox_now) {
        state->sandbox.emplace(*sandbox_now);
    }
    SILLAGE_TRY(publish(state->runtime, config.workflows, state->clock()(), say));
    SILLAGE_TRY(const auto code,
                renew_setup_code(*state->store, state->clock()(), !config.admin_token.empty()));
    SILLAGE_TRY(note_admin_token(*state->store, !config.admin_token.empty()));
    SILLAGE_TRY(state->feed.attach(*state->store));
    state->open_gate();
    state->make_routes();
    SILLAGE_TRY(state->open_mail());
    SILLAGE_TRY(state->open_provider());
    SILLAGE_TRY(state->open_courier());
    auto app = std::unique_ptr<App>(new App(std::move(state)));  // ends the gate if this fails
    SILLAGE_TRY(app->state_->listen());
    if (code) {
        say(setup_link(config, app->address(), *code));
    }
    return app;
}

Result<Response> App::answer(Config config, Log log, Request request) {
    auto metrics = std::make_shared<Metrics>();
    SILLAGE_TRY(auto store, open_store(config, metrics));
    SILLAGE_TRY(const auto sandbox_now, sandbox_clock_of(*store));
    config.sandbox = sandbox_now.has_value();
    const App app(
        std::make_unique<State>(config, std::move(log), std::move(metrics), std::move(store)));
    State& state = *app.state_;
    if (sandbox_now) {
        state.sandbox.emplace(*sandbox_now);
    }
    state.open_gate();
    state.make_routes();
    request.now = state.clock()();
    Entropy entropy{};
    fill_with_chance(entropy);
    request.request_id = "req_" + ulid(request.now, entropy);
    std::optional<Response> answer;
    const auto keep = [&](const std::exception_ptr& failure, Response response) {
        if (!failure) {
            answer = std::move(response);
        }
    };
    net::co_spawn(state.control, state.router.answer(std::move(request)), keep);
    state.control.run();
    if (!answer) {
        return Error{.code = ErrorCode::internal, .message = "The request could not be answered."};
    }
    return *std::move(answer);
}

App::App(std::unique_ptr<State> state) : state_(std::move(state)) {}

App::~App() { state_->end(std::chrono::milliseconds(0)); }

const std::string& App::address() const { return state_->listener->address(); }

int App::run() {
    state_->signals.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) {
            state_->control.stop();
        }
    });
    net::co_spawn(state_->control, state_->scheduler->run(), net::detached);
    net::co_spawn(state_->control, state_->hub->run(), net::detached);
    net::co_spawn(
        state_->control,
        write_uses(*state_->gate, *state_->services->holders, state_->clock(), state_->log),
        net::detached);
    net::co_spawn(state_->control,
                  settle_inbound(*state_->gate, *state_->services, state_->clock(), state_->log),
                  net::detached);
    state_->control.run();
    state_->log("stopping", {});
    state_->end(state_->status == exit_ok ? stop_grace : failure_grace);
    return state_->status;
}

void App::request_stop() {
    net::post(state_->control, [this] { state_->control.stop(); });
}

}  // namespace sillage::server
