#include "server/auth/allowances.hpp"

#include <algorithm>
#include <cmath>

namespace sillage::server {
Allowances::Allowances(const Allowance& each, Clock clock, std::size_t accounts_max)
    : each_(each),
      clock_(std::move(clock)),
      accounts_max_(accounts_max),
      per_second_(static_cast<double>(each.requests) / static_cast<double>(each.window.count())) {}

double Allowances::left_at(const Account& account, TimePoint now) const {
    const std::chrono::duration<double> passed = now - account.at;
    return std::min(static_cast<double>(each_.requests),
                    account.left + passed.count() * per_second_);
}

std::int64_t Allowances::seconds_until(double count, const Account& account) const {
    return static_cast<std::int64_t>(std::ceil(std::max(0.0, count - account.left) / per_second_));
}

void Allowances::make_room(TimePoint now) {
    const auto all = static_cast<double>(each_.requests);
    std::erase_if(accounts_, [&](const auto& entry) {
        return entry.second.running == 0 && left_at(entry.second, now) >= all;
    });
    if (accounts_.size() >= accounts_max_ / 2) {
        // So many at once are no one's doing: who has nothing running begins anew.
        std::erase_if(accounts_, [](const auto& entry) { return entry.second.running == 0; });
    }
}

Allowances::Account& Allowances::account_of(const std::string& name, TimePoint now) {
    const auto known = accounts_.find(name);
    if (known != accounts_.end()) {
        return known->second;
    }
    if (accounts_.size() >= accounts_max_) {
        make_room(now);
    }
    const Account fresh{.left = static_cast<double>(each_.requests), .at = now};
    return accounts_.emplace(name, fresh).first->second;
}

Allowances::Outcome Allowances::enter(const std::string& name) {
    const TimePoint now = clock_();
    const std::lock_guard lock(mutex_);
    Account& account = account_of(name, now);
    account.left = left_at(account, now);
    account.at = now;
    Outcome outcome;
    if (account.running >= each_.running) {
        outcome.verdict = Verdict::too_many_running;
    } else if (account.left < 1) {
        outcome.verdict = Verdict::too_often;
    } else {
        account.left -= 1;
        ++account.running;
        outcome.place = Place(*this, account);
    }
    outcome.left = static_cast<std::int64_t>(account.left);
    outcome.next_s = seconds_until(1, account);
    outcome.all_s = seconds_until(static_cast<double>(each_.requests), account);
    return outcome;
}

void Allowances::leave(Account& account) {
    const std::lock_guard lock(mutex_);
    --account.running;
}

}  // namespace sillage::server
