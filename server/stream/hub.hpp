#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/gate/gate.hpp"
#include "server/http/clock.hpp"
#include "server/http/log.hpp"
#include "server/metrics/instruments.hpp"
#include "server/stream/feed.hpp"
#include "server/stream/subscriber.hpp"
#include "server/stream/telling.hpp"

namespace sillage::server {

struct HubOptions {
    server::Clock clock = system_now;
    /// Where the server is found, for the schemas that events name.
    std::string base_url = {};
    Log log = log_to_standard_error;
    /// Streams of one account. Chosen: the consumers of a large integration; who shares a server
    /// among strangers sets less.
    std::size_t streams_per_account = 1'024;
    /// Streams of all. Chosen: three quarters of the connections, so that requests have the rest.
    std::size_t streams_max = 3'072;
    /// Entries that a stream may go back; who was away for longer is told to begin anew. Chosen:
    /// reading so many takes half a minute of a server that does nothing else.
    std::uint64_t replay_max = 1'000'000;
    /// Entries read from the log in one turn at the engine: about two milliseconds of its time.
    std::size_t page = 64;
    /// Between two looks at the accounts of all who listen, while the registry keeps changing.
    std::chrono::milliseconds refresh_pause{200};
    /// The longest time without such a look: what ends by the clock ends then.
    std::chrono::milliseconds refresh_after{15'000};
    /// The wait after the engine had no turn for it.
    std::chrono::milliseconds retry{50};
};

/// Hands every entry that becomes durable to everybody whom it is for.
class Hub {
  public:
    /// Hooks into the gate, behind what is hooked there already, which must not have run anything
    /// yet. All but `subscribe` and the hooks happens on `executor`, a single thread's. The gate
    /// must be stopped, and all connections gone, before this goes. `feed` outlives it.
    Hub(Gate& gate, Feed& feed, const net::any_io_executor& executor, HubOptions options);

    /// Serves until stopped.
    net::awaitable<void> run();
    /// Ends all streams, and `run` after the turn it is in. On the executor.
    void stop();

    /// A body that tells what is asked for, from the moment of this call on at the latest. From any
    /// thread. Errors: too_many_requests; unavailable: it is stopping.
    [[nodiscard]] Result<std::shared_ptr<LiveBody>> subscribe(StreamRequest asked);

    /// Streams that are open. From any thread.
    [[nodiscard]] std::size_t stream_count() const { return stream_count_; }
    struct Counts {
        Counter messages;
        /// Streams whose reader was too slow.
        Counter cut;
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }
    /// How long the oldest entry that has come is not handed over yet. From any thread.
    [[nodiscard]] double age_seconds() const { return feed_.age_seconds(); }

  private:
    using SubscriberPointer = std::shared_ptr<Subscriber>;
    using TimePoint = std::chrono::steady_clock::time_point;

    /// Something has happened that `run` has to look at. From any thread.
    void wake();
    /// The account has a stream less.
    void leave(const std::string& account);
    void admit();
    void drop_ended();
    /// False: the engine had no turn for it; nothing more can be told before.
    net::awaitable<bool> refresh();
    net::awaitable<bool> tell_live();
    net::awaitable<bool> tell_past();
    net::awaitable<Result<LogPiece>> piece_of(const InstanceWrite& write);
    /// Whoever would have more than so many bytes handed over stays where it is.
    void tell(const LogPiece& piece, const std::vector<SubscriberPointer>& to,
              std::size_t bytes_max);
    void tell_page(const std::vector<LogPiece>& pieces, const std::vector<SubscriberPointer>& to);
    void hand_over(const std::vector<SubscriberPointer>& to);
    /// For so long, or until something happens.
    net::awaitable<void> rest(std::chrono::milliseconds most);
    /// True: there is more to do at once.
    net::awaitable<bool> turn();

    Gate& gate_;
    HubOptions options_;
    Feed& feed_;
    net::steady_timer timer_;
    bool is_stopping_ = false;
    /// Those who have been told everything up to `position_`, and those who have not.
    std::vector<SubscriberPointer> live_;
    std::vector<SubscriberPointer> behind_;
    std::uint64_t position_ = 0;
    std::uint64_t seen_revision_ = 0;
    TimePoint refreshed_at_ = {};
    /// Of what runs, by workflow, version, fragment and document. Emptied when it has many.
    std::map<std::string, DefinitionPointer> definitions_;

    Counts counts_;
    std::atomic<bool> is_awake_ = false;
    std::atomic<std::size_t> stream_count_ = 0;
    /// Of the registry, as the engine's thread saw it last.
    std::atomic<std::uint64_t> revision_ = 0;
    std::mutex mutex_;  ///< guards what follows
    std::vector<SubscriberPointer> joining_;
    std::unordered_map<std::string, std::size_t> streams_;
    bool is_closed_ = false;
};

}  // namespace sillage::server
