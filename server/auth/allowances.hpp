#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace sillage::server {

/// What each account may ask for, however many connections and tokens it has.
struct Allowance {
    /// Requests in a window. All of them may come at once; they come back evenly. Chosen: no client
    /// with other work to do meets it, nor does a load test of one server like this; whoever
    /// shares a server among strangers sets less.
    std::int64_t requests = 1'000'000;
    std::chrono::seconds window{10};
    /// Requests that wait or run. Chosen: half of what may wait for the engine, so that no account
    /// takes the places of all others.
    std::size_t running = 512;
};

/// What is left of every account's allowance. From any thread.
class Allowances {
    struct Account;

  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    using Clock = std::function<TimePoint()>;

    /// A request that was let in: it runs until this is gone. `allowances` must outlive it.
    class Place {
      public:
        Place() = default;
        Place(Allowances& allowances, Account& account)
            : allowances_(&allowances), account_(&account) {}
        Place(Place&& other) noexcept
            : allowances_(std::exchange(other.allowances_, nullptr)), account_(other.account_) {}
        Place& operator=(Place&& other) noexcept {
            std::swap(allowances_, other.allowances_);
            std::swap(account_, other.account_);
            return *this;
        }
        ~Place() {
            if (allowances_ != nullptr) {
                allowances_->leave(*account_);
            }
        }

      private:
        Allowances* allowances_ = nullptr;
        Account* account_ = nullptr;
    };

    enum class Verdict { granted, too_often, too_many_running };
    struct Outcome {
        Verdict verdict = Verdict::granted;
        /// Of the window's requests; the next one comes, and all are there again, after so many
        /// seconds.
        std::int64_t left = 0;
        std::int64_t next_s = 0;
        std::int64_t all_s = 0;
        /// Of a granted one.
        Place place = {};
    };

    /// Remembers so many accounts. Chosen: 10 MB, and many times those that may run at once.
    explicit Allowances(const Allowance& each = {}, Clock clock = std::chrono::steady_clock::now,
                        std::size_t accounts_max = 50'000);

    [[nodiscard]] const Allowance& each() const { return each_; }
    /// Takes one request from what is left to the account.
    [[nodiscard]] Outcome enter(const std::string& account);

  private:
    struct Account {
        double left = 0;
        TimePoint at = {};
        std::size_t running = 0;
    };

    void make_room(TimePoint now);
    Account& account_of(const std::string& name, TimePoint now);
    [[nodiscard]] double left_at(const Account& account, TimePoint now) const;
    [[nodiscard]] std::int64_t seconds_until(double count, const Account& account) const;
    void leave(Account& account);

    const Allowance each_;
    const Clock clock_;
    const std::size_t accounts_max_;
    const double per_second_;
    std::mutex mutex_;  ///< guards what follows
    std::unordered_map<std::string, Account> accounts_;
};

}  // namespace sillage::server
