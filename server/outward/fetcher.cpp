#include "server/outward/fetcher.hpp"

#include <curl/curl.h>

#include <atomic>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "server/outward/curl.hpp"

namespace sillage::server {
namespace {

Error unavailable(std::string message) {
    return Error{.code = ErrorCode::unavailable, .message = std::move(message)};
}

bool is_loopback_url(std::string_view url) {
    for (const std::string_view start :
         {"http://127.0.0.1:", "http://localhost:", "http://[::1]:"}) {
        if (url.starts_with(start)) {
            return true;
        }
    }
    return false;
}

/// What comes back, up to its limit.
struct Sink {
    std::string body;
    std::size_t bytes_max;
    const std::atomic<bool>* is_stopping;
};

std::size_t take_bytes(char* bytes, std::size_t size, std::size_t count, void* user) {
    auto& sink = *static_cast<Sink*>(user);
    if (sink.body.size() + size * count > sink.bytes_max) {
        return 0;
    }
    sink.body.append(bytes, size * count);
    return size * count;
}

/// curl asks it again and again whether to go on, and says how far it is.
constexpr curl_xferinfo_callback is_to_stop = [](void* user, auto...) {
    return static_cast<Sink*>(user)->is_stopping->load() ? 1 : 0;
};

/// Whoever waits.
struct Call {
    FetchRequest request;
    std::optional<Result<Fetched>>* outcome;
    std::function<void()> resume;
    net::any_io_executor executor;
};

}  // namespace

struct Fetcher::State {
    explicit State(const FetchLimits& each) : limits(each) {}

    Result<Fetched> perform(const FetchRequest& request) {
        const bool is_plain = request.url.starts_with("http://");
        if (is_plain && !(limits.insecure_loopback && is_loopback_url(request.url))) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "Only https:// addresses are called."};
        }
        const CurlHandle handle = new_curl_handle(is_plain ? "http" : "https");
        CURL* const curl = handle.get();
        Sink sink{.body = {}, .bytes_max = limits.bytes_max, .is_stopping = &is_stopping};
        CurlList headers;
        for (const std::string& line : request.headers) {
            headers.add(line);
        }
        curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_to_stop);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &sink);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                         static_cast<long>(limits.connect_wait.count()));
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.wait.count()));
        if (!request.body.empty()) {
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
            curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
        }
        const CURLcode code = curl_easy_perform(curl);
        if (code != CURLE_OK) {
            return unavailable(std::string("The call failed: ") + curl_easy_strerror(code) + ".");
        }
        long status = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        return Fetched{.status = static_cast<int>(status), .body = std::move(sink.body)};
    }

    void work() {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [&] { return is_stopping || !waiting.empty(); });
            if (waiting.empty()) {
                return;
            }
            Call call = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            *call.outcome = is_stopping ? Result<Fetched>(unavailable("The server is stopping."))
                                        : perform(call.request);
            net::post(call.executor, std::move(call.resume));
            lock.lock();
        }
    }

    const FetchLimits limits;
    std::atomic<bool> is_stopping = false;
    std::mutex mutex;  ///< guards what waits
    std::condition_variable changed;
    std::deque<Call> waiting;
    std::thread thread;
};

Fetcher::Fetcher(const FetchLimits& limits) : state_(std::make_unique<State>(limits)) {
    state_->thread = std::thread([this] { state_->work(); });
}

Fetcher::~Fetcher() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->changed.notify_one();
    state_->thread.join();
}

net::awaitable<Result<Fetched>> Fetcher::fetch(FetchRequest request) {
    const net::any_io_executor executor = co_await net::this_coro::executor;
    std::optional<Result<Fetched>> outcome;
    // Called with the rest of the coroutine as `handler`, which has to be resumed on `executor`.
    auto enqueue = [&](auto handler) {
        auto rest = std::make_shared<decltype(handler)>(std::move(handler));
        Call call{.request = std::move(request),
                  .outcome = &outcome,
                  .resume = [rest] { std::move (*rest)(); },
                  // Keeps its context running as long as the caller waits.
                  .executor = net::prefer(executor, net::execution::outstanding_work.tracked)};
        const std::lock_guard lock(state_->mutex);
        if (state_->is_stopping || state_->waiting.size() >= state_->limits.waiting_max) {
            net::post(executor, std::move(call.resume));
            return;
        }
        state_->waiting.push_back(std::move(call));
        state_->changed.notify_one();
    };
    co_await net::async_initiate<const net::use_awaitable_t<>, void()>(enqueue, net::use_awaitable);
    if (!outcome) {
        co_return unavailable("Too many calls to other servers wait.");
    }
    co_return std::move(*outcome);
}

}  // namespace sillage::server
