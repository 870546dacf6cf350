#include "server/routes/running_keys.hpp"

namespace sillage::server {

Result<RunningKeys::Claim> RunningKeys::claim(const Repeat& repeat) {
    std::string name = repeat.scope + ' ' + repeat.key;  // neither has a blank
    const std::lock_guard lock(mutex_);
    const auto [running, is_first] = bodies_.try_emplace(name, repeat.request_hash);
    if (is_first) {
        return Claim(*this, std::move(name));
    }
    if (running->second != repeat.request_hash) {
        return Error{.code = ErrorCode::idempotency_mismatch,
                     .message = "This Idempotency-Key belongs to a request with another body."};
    }
    return Error{.code = ErrorCode::in_progress,
                 .message = "The first request with this Idempotency-Key is still running."};
}

void RunningKeys::release(const std::string& name) {
    const std::lock_guard lock(mutex_);
    bodies_.erase(name);
}

}  // namespace sillage::server
