#pragma once

#include <memory>
#include <unordered_map>

#include "server/http/clock.hpp"
#include "server/http/limits.hpp"
#include "server/http/log.hpp"
#include "server/http/router.hpp"
#include "server/http/transport.hpp"

namespace sillage::server {

/// What every session of a server shares; constant while it serves.
struct Service {
    const Router* router = nullptr;
    Limits limits = {};
    Clock clock = system_now;
    Log log = log_to_standard_error;
    /// Added to every answer. Ex. `Sillage-Sandbox: true`.
    std::vector<Field> extras = {};
    bool is_tls = false;
};

/// Bodies above the server's own limit that one I/O thread takes at once: at 16 MiB each, as much
/// memory as a thousandth of the connections with an ordinary body.
inline constexpr std::size_t large_body_count_max = 4;

/// The open connections of one I/O thread; touched by that thread alone.
class Sessions {
  public:
    /// A place for a large body, until it is let go of.
    class LargeBody {
      public:
        explicit LargeBody(Sessions& sessions) : sessions_(sessions) {
            ++sessions_.large_body_count_;
        }
        ~LargeBody() { --sessions_.large_body_count_; }
        LargeBody(const LargeBody&) = delete;
        LargeBody& operator=(const LargeBody&) = delete;

      private:
        Sessions& sessions_;
    };

    explicit Sessions(const Service& service) : service_(service) {}

    [[nodiscard]] const Service& service() const { return service_; }
    [[nodiscard]] bool is_stopping() const { return is_stopping_; }

    /// From now on every answer closes its connection; those that wait for a request end at once.
    void stop();
    void enter(Transport& transport) { idle_.emplace(&transport, true); }
    void set_idle(Transport& transport, bool is_idle) { idle_[&transport] = is_idle; }
    void leave(Transport& transport) { idle_.erase(&transport); }
    [[nodiscard]] bool has_room_for_large_body() const {
        return large_body_count_ < large_body_count_max;
    }

  private:
    const Service& service_;
    bool is_stopping_ = false;
    std::size_t large_body_count_ = 0;
    std::unordered_map<Transport*, bool> idle_;
};

/// Serves one connection until either side ends it: reads requests one after another, also those
/// sent ahead, and answers each before it reads the next. Never throws. `sessions` must outlive it.
net::awaitable<void> run_session(std::shared_ptr<Transport> transport, Sessions& sessions);

}  // namespace sillage::server
