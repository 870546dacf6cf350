#include "server/stream/hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <limits>
#include <utility>

#include "engine/store/entry_json.hpp"

namespace sillage::server {
namespace {

/// Definitions that are remembered; each is kept by the runtime anyway.
constexpr std::size_t definitions_max = 256;
/// Accounts looked up in one turn at the engine: about two milliseconds.
constexpr std::size_t accounts_per_turn = 64;
/// Handed over at once of what lies further back, or one message. Chosen: the other half is for
/// what comes meanwhile.
constexpr std::size_t replay_bytes_max = outlet_bytes_max / 2;
constexpr std::size_t any_bytes = std::numeric_limits<std::size_t>::max();

std::string definition_key(const InstanceRecord& record) {
    return fmt::format("{}|{}|{}|{}", record.workflow, record.version, record.fragment,
                       record.document);
}

Error too_many(std::string message) {
    return Error{.code = ErrorCode::too_many_requests, .message = std::move(message)};
}

/// `after` cannot be gone on from: whoever listens has to read anew what it shows.
std::string reset_message(std::uint64_t position, std::string_view reason) {
    return stream_message(position, "reset", {{"position", position}, {"reason", reason}});
}

}  // namespace

Hub::Hub(Gate& gate, Feed& feed, const net::any_io_executor& executor, HubOptions options)
    : gate_(gate), options_(std::move(options)), feed_(feed), timer_(executor) {
    feed_.on_news = [this] { wake(); };
    gate_.after_turn = [this, before = std::move(gate_.after_turn)](Runtime& runtime) {
        if (before) {
            before(runtime);
        }
        const std::uint64_t revision = runtime.store().registry_revision();
        if (revision_.exchange(revision) != revision && stream_count_ > 0) {
            wake();
        }
    };
}

void Hub::wake() {
    if (!is_awake_.exchange(true)) {
        net::post(timer_.get_executor(), [this] { timer_.cancel(); });
    }
}

void Hub::stop() {
    is_stopping_ = true;
    timer_.cancel();
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
    }
    admit();
    for (auto* group : {&live_, &behind_}) {
        for (const SubscriberPointer& subscriber : *group) {
            subscriber->outlet->end();
        }
    }
}

Result<std::shared_ptr<LiveBody>> Hub::subscribe(StreamRequest asked) {
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->outlet = std::make_shared<Outlet>();
    subscriber->outlet->on_emptied([this] { wake(); });
    const std::string account = asked.account->id;
    {
        const std::lock_guard lock(mutex_);
        if (is_closed_) {
            return Error{.code = ErrorCode::unavailable, .message = "The server is stopping."};
        }
        if (stream_count_ >= options_.streams_max) {
            return too_many("The server has as many streams open as it may.");
        }
        std::size_t& own = streams_[account];
        if (own >= options_.streams_per_account) {
            return too_many(
                fmt::format("Your account has {} streams open, which is as many as it "
                            "may have.",
                            own));
        }
        ++own;
        ++stream_count_;
        subscriber->position = feed_.open();
        subscriber->asked = std::move(asked);
        joining_.push_back(subscriber);
    }
    auto on_gone = [this, account] { leave(account); };
    auto body = std::make_shared<OutletBody>(subscriber->outlet, std::move(on_gone));
    wake();
    return std::shared_ptr<LiveBody>(std::move(body));
}

void Hub::leave(const std::string& account) {
    {
        const std::lock_guard lock(mutex_);
        const auto own = streams_.find(account);
        if (--own->second == 0) {
            streams_.erase(own);
        }
        --stream_count_;
    }
    wake();
}

void Hub::admit() {
    std::vector<SubscriberPointer> joining;
    {
        const std::lock_guard lock(mutex_);
        joining = std::exchange(joining_, {});
    }
    for (SubscriberPointer& subscriber : joining) {
        const std::uint64_t now = subscriber->position;
        const std::uint64_t after = subscriber->asked.after.value_or(now);
        if (after > now || now - after > options_.replay_max) {
            const auto* reason = after > now ? "unknown" : "expired";
            subscriber->outlet->put(
                {std::make_shared<const std::string>(reset_message(now, reason))});
        } else {
            subscriber->position = after;
        }
        // Where it joins is sorted out by the next look at those behind.
        behind_.push_back(std::move(subscriber));
    }
}

void Hub::drop_ended() {
    for (auto* group : {&live_, &behind_}) {
        const auto ended = std::erase_if(*group, [](const SubscriberPointer& subscriber) {
            return subscriber->outlet->has_left();
        });
        for (std::size_t i = 0; i < ended; ++i) {
            feed_.close();
        }
    }
}

net::awaitable<bool> Hub::refresh() {
    const auto now = std::chrono::steady_clock::now();
    const bool is_old = now - refreshed_at_ >= options_.refresh_after;
    const std::uint64_t revision = revision_;
    if (!is_old && revision == seen_revision_) {
        co_return true;
    }
    if (now - refreshed_at_ < options_.refresh_pause) {
        co_return false;
    }
    std::vector<SubscriberPointer> all = live_;
    all.insert(all.end(), behind_.begin(), behind_.end());
    for (std::size_t begin = 0; begin < all.size(); begin += accounts_per_turn) {
        auto look = [&](Runtime& runtime) -> Result<void> {
            const std::size_t end = std::min(begin + accounts_per_turn, all.size());
            for (std::size_t i = begin; i < end; ++i) {
                auto account = all[i]->asked.find(runtime, options_.clock());
                if (account) {
                    all[i]->asked.account = std::move(account).value();
                } else if (account.error().code != ErrorCode::storage_failed) {
                    all[i]->outlet->end();
                }
            }
            return success();
        };
        const Result<void> looked = co_await gate_.run(look);
        if (!looked) {
            co_return false;
        }
    }
    seen_revision_ = revision;
    refreshed_at_ = now;
    co_return true;
}

net::awaitable<Result<LogPiece>> Hub::piece_of(const InstanceWrite& write) {
    const InstanceRecord& record = write.instance;
    LogPiece piece{.subject = birth_of(record)};
    SILLAGE_CO_TRY(piece.entry, stored_entry(write));
    const std::string key = definition_key(record);
    const auto known = definitions_.find(key);
    if (known != definitions_.end()) {
        piece.definition = known->second;
        co_return piece;
    }
    auto look = [&](Runtime& runtime) {
        return runtime.read([&](Reader& reader) { return reader.definition_of(record); });
    };
    SILLAGE_CO_TRY(piece.definition, co_await gate_.run(look));
    if (definitions_.size() >= definitions_max) {
        definitions_.clear();
    }
    definitions_.emplace(key, piece.definition);
    co_return piece;
}

void Hub::tell(const LogPiece& piece, const std::vector<SubscriberPointer>& to,
               std::size_t bytes_max) {
    Telling telling(piece, options_.base_url);
    for (const SubscriberPointer& subscriber : to) {
        if (subscriber->position >= piece.entry.position) {
            continue;
        }
        SharedText text = telling.text_for(subscriber->asked);
        const std::size_t size = text ? text->size() : 0;
        if (!subscriber->texts.empty() && subscriber->byte_count + size > bytes_max) {
            continue;
        }
        subscriber->position = piece.entry.position;
        if (text) {
            subscriber->texts.push_back(std::move(text));
            subscriber->byte_count += size;
        }
    }
}

void Hub::tell_page(const std::vector<LogPiece>& pieces, const std::vector<SubscriberPointer>& to) {
    for (const LogPiece& piece : pieces) {
        if (piece.entry.position > position_) {
            break;  // accounts may have changed since they were looked at
        }
        // Whoever stands within the page goes on with it; nobody skips anything.
        std::vector<SubscriberPointer> next;
        std::ranges::copy_if(to, std::back_inserter(next), [&](const auto& subscriber) {
            return subscriber->position + 1 == piece.entry.position;
        });
        tell(piece, next, replay_bytes_max);
    }
    hand_over(to);
}

void Hub::hand_over(const std::vector<SubscriberPointer>& to) {
    for (const SubscriberPointer& subscriber : to) {
        if (subscriber->texts.empty()) {
            continue;
        }
        const std::vector<SharedText> texts = std::exchange(subscriber->texts, {});
        subscriber->byte_count = 0;
        switch (subscriber->outlet->put(texts)) {
            case Outlet::Verdict::taken:
                counts_.messages.add(texts.size());
                break;
            case Outlet::Verdict::cut:
                counts_.cut.add();
                break;
            case Outlet::Verdict::ended:
                break;
        }
    }
}

net::awaitable<bool> Hub::tell_live() {
    // First, so that a right that had ended before any of it came is found to have ended.
    const Feed::Taken taken = feed_.take();
    while (!is_stopping_) {
        const bool is_fresh = co_await refresh();
        if (is_fresh) {
            break;
        }
        co_await rest(options_.retry);
    }
    bool is_whole = !taken.has_overflowed;
    if (live_.empty()) {
        position_ = taken.position;
        co_return true;
    }
    for (const WritePointer& write : taken.writes) {
        const auto piece = co_await piece_of(*write);
        if (!piece) {
            options_.log("stream_behind", {{"code", name_of(piece.error().code)}});
            is_whole = false;
            break;
        }
        tell(piece.value(), live_, any_bytes);
    }
    hand_over(live_);
    position_ = taken.position;
    if (!is_whole) {  // the log has it
        behind_.insert(behind_.end(), live_.begin(), live_.end());
        live_.clear();
    }
    co_return is_whole;
}

net::awaitable<bool> Hub::tell_past() {
    const auto joined = std::ranges::partition(behind_, [&](const SubscriberPointer& subscriber) {
        return subscriber->position < position_;
    });
    live_.insert(live_.end(), joined.begin(), joined.end());
    behind_.erase(joined.begin(), joined.end());
    // Of the others, nobody is told more before it has taken what it was told.
    std::vector<SubscriberPointer> ready;
    std::ranges::copy_if(behind_, std::back_inserter(ready),
                         [](const auto& subscriber) { return subscriber->outlet->is_empty(); });
    if (ready.empty()) {
        co_return true;
    }
    const auto furthest = std::ranges::min_element(
        ready, {}, [](const auto& subscriber) { return subscriber->position; });
    const std::uint64_t after = (*furthest)->position;
    auto look = [&](Runtime& runtime) {
        return runtime.read(
            [&](Reader& reader) { return log_after(reader, after, options_.page); });
    };
    const Result<std::vector<LogPiece>> pieces = co_await gate_.run(look);
    if (!pieces) {
        co_return false;
    }
    tell_page(pieces.value(), ready);
    co_return true;
}

net::awaitable<void> Hub::rest(std::chrono::milliseconds most) {
    timer_.expires_after(most);
    [[maybe_unused]] const auto ended =
        co_await timer_.async_wait(net::as_tuple(net::use_awaitable));
}

net::awaitable<bool> Hub::turn() {
    drop_ended();
    admit();
    if (live_.empty() && behind_.empty()) {
        co_return false;
    }
    co_await tell_live();
    if (is_stopping_) {
        co_return false;
    }
    const bool was_read = co_await tell_past();
    if (!was_read) {
        co_await rest(options_.retry);
    }
    co_return std::ranges::any_of(
        behind_, [](const auto& subscriber) { return subscriber->outlet->is_empty(); });
}

net::awaitable<void> Hub::run() {
    while (!is_stopping_) {
        is_awake_ = false;
        const bool has_more = co_await turn();
        if (!has_more && !is_awake_ && !is_stopping_) {
            co_await rest(options_.refresh_after);
        }
    }
}

}  // namespace sillage::server
