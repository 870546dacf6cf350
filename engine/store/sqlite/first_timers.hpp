#pragma once

#include <set>
#include <span>
#include <string>

#include "engine/store/select.hpp"

namespace sillage {

/// Instances in the order in which each fires its first timer.
class FirstTimers {
  public:
    struct One {
        StoredTimer timer = {};
        const std::string* instance = nullptr;

        /// In the same order as rows.
        friend bool fires_before(const One& a, const One& b) {
            return sillage::fires_before(a.timer, b.timer) ||
                   (a.timer == b.timer && *a.instance < *b.instance);
        }
    };

    FirstTimers() = default;
    /// What it points to is not copied with it.
    FirstTimers(const FirstTimers&) = delete;
    FirstTimers& operator=(const FirstTimers&) = delete;
    FirstTimers(FirstTimers&&) = default;
    FirstTimers& operator=(FirstTimers&&) = default;
    ~FirstTimers() = default;

    /// The instance has other timers than before. The text stays where it is while it is in here.
    void replace(const std::string& instance, std::span<const StoredTimer> before,
                 std::span<const StoredTimer> after);

    [[nodiscard]] bool empty() const { return order_.empty(); }
    [[nodiscard]] auto begin() const { return order_.begin(); }
    [[nodiscard]] auto end() const { return order_.end(); }

  private:
    struct FiresBefore {
        bool operator()(const One& a, const One& b) const { return fires_before(a, b); }
    };

    std::set<One, FiresBefore> order_;
};

}  // namespace sillage
