#pragma once

#include <functional>
#include <string>

namespace sillage::server {

/// A body that is written as it comes about, until it ends or its reader goes. Used by the one
/// thread of its connection, but for `wake`, which any thread may call.
class LiveBody {
  public:
    virtual ~LiveBody() = default;
    LiveBody(const LiveBody&) = delete;
    LiveBody& operator=(const LiveBody&) = delete;

    /// Called once, before the first `take`. From now on `wake` is called whenever there is
    /// something to take, or it has ended, that was not so before.
    virtual void open(std::function<void()> wake) = 0;
    /// What is to be written next; empty: nothing yet.
    virtual std::string take() = 0;
    /// What is written when there was nothing to take for a while, so that both ends know of each
    /// other.
    [[nodiscard]] virtual std::string heartbeat() const = 0;
    /// Nothing comes any more.
    [[nodiscard]] virtual bool has_ended() const = 0;

  protected:
    LiveBody() = default;
};

}  // namespace sillage::server
