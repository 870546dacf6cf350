#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/http/live_body.hpp"

namespace sillage::server {

/// A text that several readers are sent.
using SharedText = std::shared_ptr<const std::string>;

/// Bytes that wait for one reader: published. Who does not read as fast as it is told is cut, and
/// comes back with its position. A text that is longer by itself waits beside them.
inline constexpr std::size_t outlet_bytes_max = 256UL * 1024;

/// What waits to be written to one reader. Filled by the hub's thread, emptied by the connection's.
class Outlet {
  public:
    enum class Verdict {
        taken,
        cut,    ///< more would wait than may: it ends here
        ended,  ///< it had ended before
    };
    /// Before anybody reads: called, by the connection's thread, once what `is_empty` was told of
    /// has been taken.
    void on_emptied(std::function<void()> call) { on_emptied_ = std::move(call); }
    /// Whether nothing waits; if something does, it is told when that was taken.
    [[nodiscard]] bool is_empty();
    /// Adds texts.
    Verdict put(const std::vector<SharedText>& texts);
    /// Nothing comes after what waits.
    void end();
    /// Its reader is no longer there.
    void leave() { has_left_ = true; }
    [[nodiscard]] bool has_left() const { return has_left_; }

    /// The connection's side.
    void open(std::function<void()> wake);
    [[nodiscard]] std::string take();
    [[nodiscard]] bool has_ended() const;

  private:
    std::atomic<bool> has_left_ = false;
    std::function<void()> on_emptied_;
    mutable std::mutex mutex_;  ///< guards what follows
    std::vector<SharedText> waiting_;
    /// But for a first text that is longer than may wait.
    std::size_t byte_count_ = 0;
    /// Somebody is to be told when what waits has been taken.
    bool is_awaited_ = false;
    bool has_ended_ = false;
    /// Nobody has woken the connection since it last took everything.
    bool is_asleep_ = true;
    std::function<void()> wake_;
};

/// The reader's end of an outlet: gone with its connection.
class OutletBody final : public LiveBody {
  public:
    /// `on_gone` is called once, on the connection's thread or whichever lets go of it last.
    OutletBody(std::shared_ptr<Outlet> outlet, std::function<void()> on_gone);
    ~OutletBody() override;

    void open(std::function<void()> wake) override;
    std::string take() override { return outlet_->take(); }
    [[nodiscard]] std::string heartbeat() const override;
    [[nodiscard]] bool has_ended() const override { return outlet_->has_ended(); }

  private:
    std::shared_ptr<Outlet> outlet_;
    std::function<void()> on_gone_;
};

}  // namespace sillage::server
