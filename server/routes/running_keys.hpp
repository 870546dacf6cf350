#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/runtime/runtime.hpp"

namespace sillage::server {

/// The Idempotency-Keys of requests that run: what a repeat would be answered with is not known
/// until its first is done. A connection has one request at a time, so that there are no more of
/// them than connections. From any thread.
class RunningKeys {
  public:
    /// A key that its request holds, until this is gone. `keys` must outlive it.
    class Claim {
      public:
        Claim() = default;
        Claim(RunningKeys& keys, std::string name) : keys_(&keys), name_(std::move(name)) {}
        Claim(Claim&& other) noexcept
            : keys_(std::exchange(other.keys_, nullptr)), name_(std::move(other.name_)) {}
        Claim& operator=(Claim&& other) noexcept {
            std::swap(keys_, other.keys_);
            std::swap(name_, other.name_);
            return *this;
        }
        ~Claim() {
            if (keys_ != nullptr) {
                keys_->release(name_);
            }
        }

      private:
        RunningKeys* keys_ = nullptr;
        std::string name_;
    };

    /// Errors: in_progress: the key's first request is not done; idempotency_mismatch: nor has it
    /// the same body.
    [[nodiscard]] Result<Claim> claim(const Repeat& repeat);

  private:
    void release(const std::string& name);

    std::mutex mutex_;  ///< guards what follows
    /// The hash of the request's body by scope and key.
    std::unordered_map<std::string, std::string> bodies_;
};

}  // namespace sillage::server
