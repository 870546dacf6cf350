#include "server/stream/outlet.hpp"

#include <utility>

namespace sillage::server {

bool Outlet::is_empty() {
    const std::lock_guard lock(mutex_);
    is_awaited_ = !waiting_.empty();
    return waiting_.empty();
}

Outlet::Verdict Outlet::put(const std::vector<SharedText>& texts) {
    std::function<void()> wake;
    Verdict verdict = Verdict::taken;
    {
        const std::lock_guard lock(mutex_);
        if (has_ended_) {
            return Verdict::ended;
        }
        for (const SharedText& text : texts) {
            const bool stands_alone = waiting_.empty() && text->size() > outlet_bytes_max;
            byte_count_ += stands_alone ? 0 : text->size();
            waiting_.push_back(text);
        }
        if (byte_count_ > outlet_bytes_max) {
            waiting_.clear();
            byte_count_ = 0;
            has_ended_ = true;
            verdict = Verdict::cut;
        }
        if (std::exchange(is_asleep_, false)) {
            wake = wake_;
        }
    }
    if (wake) {
        wake();
    }
    return verdict;
}

void Outlet::end() {
    std::function<void()> wake;
    {
        const std::lock_guard lock(mutex_);
        has_ended_ = true;
        wake = wake_;
    }
    if (wake) {
        wake();
    }
}

void Outlet::open(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
}

std::string Outlet::take() {
    std::vector<SharedText> taken;
    bool is_awaited = false;
    {
        const std::lock_guard lock(mutex_);
        is_awaited = std::exchange(is_awaited_, false);
        taken = std::exchange(waiting_, {});
        byte_count_ = 0;
        is_asleep_ = true;
    }
    if (is_awaited && on_emptied_) {
        on_emptied_();
    }
    std::string text;
    for (const SharedText& piece : taken) {
        text += *piece;
    }
    return text;
}

bool Outlet::has_ended() const {
    const std::lock_guard lock(mutex_);
    return has_ended_ && waiting_.empty();
}

OutletBody::OutletBody(std::shared_ptr<Outlet> outlet, std::function<void()> on_gone)
    : outlet_(std::move(outlet)), on_gone_(std::move(on_gone)) {}

OutletBody::~OutletBody() {
    outlet_->leave();
    on_gone_();
}

void OutletBody::open(std::function<void()> wake) { outlet_->open(std::move(wake)); }

std::string OutletBody::heartbeat() const { return ":\n\n"; }

}  // namespace sillage::server
