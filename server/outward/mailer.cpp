#include "server/outward/mailer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "server/outward/curl.hpp"

namespace sillage::server {
namespace {

/// Before a mail that was not taken is tried again. Chosen: greylists ask for a few minutes, and a
/// link is good for a quarter of an hour.
constexpr std::chrono::seconds retry_pause{120};

/// What is still to be sent of a mail.
struct Source {
    std::string_view rest;
    const std::atomic<bool>* is_stopping;
};

std::size_t give_bytes(char* space, std::size_t size, std::size_t count, void* user) {
    auto& source = *static_cast<Source*>(user);
    const std::size_t bytes = std::min(size * count, source.rest.size());
    std::memcpy(space, source.rest.data(), bytes);
    source.rest.remove_prefix(bytes);
    return bytes;
}

/// curl asks it again and again whether to go on, and says how far it is.
constexpr curl_xferinfo_callback is_to_stop = [](void* user, auto...) {
    return static_cast<Source*>(user)->is_stopping->load() ? 1 : 0;
};

using Clock = std::chrono::steady_clock;

struct Waiting {
    std::string to = {};
    std::string text = {};
    int attempt_count = 0;
    Clock::time_point due = {};
};

}  // namespace

struct Mailer::State {
    State(MailServer where, Report told) : server(std::move(where)), report(std::move(told)) {}

    /// The failure of one attempt; empty when it was taken.
    std::string attempt(const Waiting& mail) {
        const CurlHandle handle = new_curl_handle("smtp,smtps");
        CURL* const curl = handle.get();
        Source source{.rest = mail.text, .is_stopping = &is_stopping};
        CurlList to;
        to.add("<" + mail.to + ">");
        curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
        curl_easy_setopt(curl, CURLOPT_MAIL_FROM, ("<" + server.from + ">").c_str());
        curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
        curl_easy_setopt(curl, CURLOPT_READDATA, &source);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_to_stop);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &source);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                         static_cast<long>(server.connect_wait.count()));
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(server.send_wait.count()));
        if (!server.user.empty()) {
            curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
            curl_easy_setopt(curl, CURLOPT_USERNAME, server.user.c_str());
            curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
        } else {
            curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_TRY));
        }
        const CURLcode code = curl_easy_perform(curl);
        return code == CURLE_OK ? std::string() : std::string(curl_easy_strerror(code));
    }

    /// Sends what waits until it is told to stop.
    void work() {
        std::unique_lock lock(mutex);
        while (!is_stopping) {
            const auto next = std::ranges::min_element(waiting, {}, &Waiting::due);
            if (next == waiting.end()) {
                changed.wait(lock);
                continue;
            }
            if (next->due > Clock::now()) {
                changed.wait_until(lock, next->due);
                continue;
            }
            Waiting mail = std::move(*next);
            waiting.erase(next);
            lock.unlock();
            const std::string failure = attempt(mail);
            const bool is_over = failure.empty() || ++mail.attempt_count >= mail_attempts_max;
            if (is_over) {
                report(failure);
            }
            lock.lock();
            if (!is_over) {
                mail.due = Clock::now() + retry_pause;
                waiting.push_back(std::move(mail));
            }
        }
    }

    const MailServer server;
    const Report report;
    std::atomic<bool> is_stopping = false;
    std::mutex mutex;  ///< guards what waits
    std::condition_variable changed;
    std::deque<Waiting> waiting;
    std::thread thread;
};

Mailer::Mailer(MailServer server, Report report)
    : state_(std::make_unique<State>(std::move(server), std::move(report))) {
    state_->thread = std::thread([this] { state_->work(); });
}

Mailer::~Mailer() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->changed.notify_one();
    state_->thread.join();
}

Result<void> Mailer::send(const Mail& mail, const std::string& id, Instant now) {
    SILLAGE_TRY(auto text, message_text(mail, state_->server.from, id, now));
    {
        const std::lock_guard lock(state_->mutex);
        if (state_->waiting.size() >= mails_max) {
            return Error{.code = ErrorCode::unavailable,
                         .message = "Too many mails wait to be sent."};
        }
        state_->waiting.push_back({.to = mail.to, .text = std::move(text)});
    }
    state_->changed.notify_one();
    return success();
}

}  // namespace sillage::server
