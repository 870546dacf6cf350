#include "server/http/session.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "engine/base/ids.hpp"
#include "server/http/body_reader.hpp"
#include "server/http/header_gate.hpp"
#include "server/http/live_session.hpp"
#include "server/http/problem.hpp"
#include "server/http/response_text.hpp"
#include "server/http/text.hpp"

namespace sillage::server {

namespace {

/// One read; a request with its head fits twice.
constexpr std::size_t read_bytes = 32UL * 1024UL;
/// What of a refused client's bytes is read and thrown away before its connection is cut.
constexpr std::size_t linger_bytes_max = 2UL * 1024UL * 1024UL;

constexpr std::string_view continue_text = "HTTP/1.1 100 Continue\r\n\r\n";

/// Names a connection's requests: by chance its first, then counting on. They are no secret, they
/// only have to differ.
class RequestIds {
  public:
    RequestIds() {
        // A failing generator must not stop an answer.
        [[maybe_unused]] const int done = RAND_bytes(next_.data(), static_cast<int>(next_.size()));
    }
    std::string next(Instant now) {
        for (auto byte = next_.rbegin(); byte != next_.rend() && ++*byte == 0; ++byte) {
        }
        return "req_" + ulid(now, next_);
    }

  private:
    Entropy next_{};
};

std::chrono::steady_clock::time_point in(std::chrono::milliseconds wait) {
    return std::chrono::steady_clock::now() + wait;
}

/// One connection: its bytes that are read and not used yet, and what goes on with it.
class Session {
  public:
    Session(Transport& transport, Sessions& sessions)
        : transport_(transport), sessions_(sessions), limits_(sessions.service().limits) {}

    /// Gives the body that goes on after the last answer; null: the connection has ended.
    net::awaitable<std::shared_ptr<LiveBody>> run() {
        transport_.set_deadline(in(limits_.request));
        if (!co_await transport_.open()) {
            co_return nullptr;
        }
        // Not one condition: g++ 12 awaits the right side of `&&` in a loop's head regardless.
        while (is_open_ && !sessions_.is_stopping()) {
            const bool has_request = co_await wait_for_request();
            if (!has_request) {
                break;
            }
            Request request = new_request();
            body_limits_ = limits_;
            transport_.set_deadline(in(limits_.request));
            const bool is_whole = co_await receive(request);
            if (is_whole) {
                co_await answer(std::move(request));
            }
            large_body_.reset();
        }
        if (live_ == nullptr) {
            co_await close();
        }
        co_return std::move(live_);
    }

  private:
    [[nodiscard]] const Service& service() const { return sessions_.service(); }

    Request new_request() {
        Request request;
        request.now = service().clock();
        request.request_id = ids_.next(request.now);
        request.peer = transport_.peer();
        request.operator_name = transport_.operator_name();
        return request;
    }

    net::awaitable<Received::Kind> read_more() {
        const Received received = co_await transport_.read_some(space_);
        inbox_.append(space_.data(), received.count);
        co_return received.kind;
    }

    /// True once the first byte of a request is there.
    net::awaitable<bool> wait_for_request() {
        if (!inbox_.empty()) {
            co_return true;
        }
        transport_.set_deadline(in(limits_.idle));
        sessions_.set_idle(transport_, true);
        const Received::Kind kind = co_await read_more();
        sessions_.set_idle(transport_, false);
        co_return kind == Received::Kind::bytes;
    }

    /// Reads head and body. False: it was refused and answered, or the peer has gone.
    net::awaitable<bool> receive(Request& request) {
        const std::size_t head_size = co_await receive_head(request);
        if (head_size == 0) {
            co_return false;
        }
        const std::string head_text = inbox_.substr(0, head_size);
        inbox_.erase(0, head_size);
        std::variant<Head, Refusal> judged = read_head(head_text, gate_limits_);
        if (const auto* refusal = std::get_if<Refusal>(&judged)) {
            co_await refuse(request, refusal->problem, refusal->detail);
            co_return false;
        }
        Head& head = std::get<Head>(judged);
        is_open_ = head.keeps_alive;
        request.method = method_named(head.method);
        request.headers = std::move(head.headers);
        const Result<void> target = read_target(head.target, request);
        if (!target) {
            co_await refuse(request, "bad-request", target.error().message);
            co_return false;
        }
        if (head.framing == Framing::none) {
            co_return true;
        }
        const std::optional<Refusal> no_room = find_room(head, request);
        if (no_room) {
            co_await refuse(request, no_room->problem, no_room->detail);
            co_return false;
        }
        if (head.expects_continue && inbox_.empty()) {
            const bool is_told = co_await transport_.write(continue_text);
            if (!is_told) {
                is_open_ = false;
                co_return false;
            }
        }
        co_return co_await receive_body(head_text, request);
    }

    /// The length of the next head in the inbox, or 0 when it was refused or never came.
    net::awaitable<std::size_t> receive_head(const Request& request) {
        for (;;) {
            const std::variant<std::size_t, Refusal> found = find_head_end(inbox_, limits_);
            if (const auto* refusal = std::get_if<Refusal>(&found)) {
                co_await refuse(request, refusal->problem, refusal->detail);
                co_return 0;
            }
            const std::size_t size = std::get<std::size_t>(found);
            if (size != 0) {
                co_return size;
            }
            if (!co_await more_of_request(request)) {
                co_return 0;
            }
        }
    }

    /// Takes a place when the body may be larger than others'. One without a length may be as large
    /// as its route allows.
    std::optional<Refusal> find_room(const Head& head, const Request& request) {
        const bool has_length = head.framing == Framing::length;
        if (has_length && head.content_length <= limits_.body_bytes_max) {
            return std::nullopt;
        }
        body_limits_.body_bytes_max = std::max(
            limits_.body_bytes_max, service().router->body_bytes_max(request.method, request.path));
        if (has_length && head.content_length > body_limits_.body_bytes_max) {
            return Refusal{"too-large", too_large_words()};
        }
        if (body_limits_.body_bytes_max == limits_.body_bytes_max) {
            return std::nullopt;
        }
        if (!sessions_.has_room_for_large_body()) {
            return Refusal{"unavailable", "Several large bodies are under way already."};
        }
        large_body_.emplace(sessions_);
        return std::nullopt;
    }

    [[nodiscard]] std::string too_large_words() const {
        return "A body may have " + std::to_string(body_limits_.body_bytes_max) + " bytes.";
    }

    /// What a head may announce, whatever its route turns out to be.
    static Limits gate_limits(const Service& service) {
        Limits limits = service.limits;
        limits.body_bytes_max =
            std::max(limits.body_bytes_max, service.router->largest_body_bytes_max());
        return limits;
    }

    net::awaitable<bool> receive_body(const std::string& head_text, Request& request) {
        BodyReader reader(head_text, body_limits_);
        for (;;) {
            std::string_view bytes = inbox_;
            const BodyReader::State state = reader.take(bytes);
            inbox_.erase(0, inbox_.size() - bytes.size());
            switch (state) {
                case BodyReader::State::complete:
                    request.body = reader.release();
                    co_return true;
                case BodyReader::State::malformed:
                    co_await refuse(request, "bad-request", "The body's framing cannot be read.");
                    co_return false;
                case BodyReader::State::too_large:
                    co_await refuse(request, "too-large", too_large_words());
                    co_return false;
                case BodyReader::State::incomplete:
                    break;
            }
            if (!co_await more_of_request(request)) {
                co_return false;
            }
        }
    }

    /// False: no more came; 408 is answered if the time ran out, else 400: whoever only closed
    /// its own direction can still read it.
    net::awaitable<bool> more_of_request(const Request& request) {
        const Received::Kind kind = co_await read_more();
        if (kind == Received::Kind::timed_out) {
            co_await refuse(request, "timeout",
                            "The request was not complete after " +
                                std::to_string(limits_.request.count()) + " ms.");
        } else if (kind == Received::Kind::closed) {
            co_await refuse(request, "bad-request", "The request ended before it was complete.");
        }
        co_return kind == Received::Kind::bytes;
    }

    /// Answers a request that could not be read; the connection ends with it.
    net::awaitable<void> refuse(const Request& request, std::string_view code,
                                std::string_view detail) {
        is_open_ = false;
        const Response response = problem(code, detail);
        co_await send(request, response);
    }

    net::awaitable<void> answer(Request request) {
        Response response;
        try {
            response = co_await service().router->answer(request);
        } catch (const std::exception& failure) {
            service().log("exception",
                          {{"request_id", request.request_id}, {"what", failure.what()}});
            response = problem(Error{.code = ErrorCode::internal});
        }
        const bool goes_on = response.live != nullptr && request.method != Method::head;
        if (response.status == Status::bad_request || goes_on) {
            is_open_ = false;
        }
        co_await send(request, response);
        if (goes_on && !has_failed_) {
            live_ = std::move(response.live);
        }
    }

    net::awaitable<void> send(const Request& request, const Response& response) {
        is_open_ = is_open_ && !sessions_.is_stopping();
        Envelope envelope;
        envelope.request_id = request.request_id;
        envelope.date = http_date(system_now());
        envelope.is_head = request.method == Method::head;
        envelope.closes = !is_open_;
        envelope.is_under_v1 = request.path.starts_with("/v1/");
        envelope.is_tls = service().is_tls;
        envelope.extras = service().extras;
        std::optional<std::string> text = response_text(response, envelope);
        if (!text) {
            service().log("unsafe_header", {{"request_id", request.request_id}});
            const Response instead = problem(Error{.code = ErrorCode::internal});
            text = response_text(instead, envelope).value();
        }
        transport_.set_deadline(in(limits_.write));
        if (!co_await transport_.write(*text)) {
            is_open_ = false;
            has_failed_ = true;
        }
    }

    /// Says goodbye, then reads away what the peer still sends, for a while: closing with unread
    /// bytes would reset the connection and could take the last answer with it.
    net::awaitable<void> close() {
        if (has_failed_) {
            co_return;
        }
        transport_.set_deadline(in(limits_.linger));
        co_await transport_.finish();
        std::size_t thrown_away = 0;
        while (thrown_away < linger_bytes_max) {
            const Received received = co_await transport_.read_some(space_);
            if (received.kind != Received::Kind::bytes) {
                co_return;
            }
            thrown_away += received.count;
        }
    }

    Transport& transport_;
    Sessions& sessions_;
    const Limits& limits_;
    const Limits gate_limits_ = gate_limits(service());
    /// As the request under way has them.
    Limits body_limits_ = limits_;
    std::optional<Sessions::LargeBody> large_body_ = {};
    std::array<char, read_bytes> space_;
    RequestIds ids_;
    std::string inbox_;
    std::shared_ptr<LiveBody> live_ = nullptr;
    bool is_open_ = true;
    bool has_failed_ = false;
};

}  // namespace

void Sessions::stop() {
    is_stopping_ = true;
    for (const auto& [transport, is_idle] : idle_) {
        if (is_idle) {
            transport->interrupt();
        }
    }
}

net::awaitable<void> run_session(std::shared_ptr<Transport> transport, Sessions& sessions) {
    sessions.enter(*transport);
    try {
        std::shared_ptr<LiveBody> live;
        {
            const auto session = std::make_unique<Session>(*transport, sessions);
            live = co_await session->run();
        }
        if (live != nullptr) {
            co_await run_live(transport, std::move(live), sessions);
        }
    } catch (const std::exception& failure) {
        sessions.service().log("session_failed", {{"what", failure.what()}});
    }
    sessions.leave(*transport);
}

}  // namespace sillage::server
