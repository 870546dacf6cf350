#pragma once

#include <memory>
#include <utility>

namespace sillage {

/// A value that its copies share; it is replaced as a whole, never changed.
template <class T>
class SharedValue {
  public:
    SharedValue() : value_(none()) {}
    SharedValue(T value) : value_(std::make_shared<const T>(std::move(value))) {}

    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] const T* operator->() const { return value_.get(); }
    operator const T&() const { return *value_; }

    /// Replaces it by a copy as `change` leaves it.
    template <class Change>
    void update(const Change& change) {
        T next = *value_;
        change(next);
        value_ = std::make_shared<const T>(std::move(next));
    }

    bool operator==(const SharedValue& other) const {
        return value_ == other.value_ || *value_ == *other.value_;
    }

  private:
    static const std::shared_ptr<const T>& none() {
        static const auto value = std::make_shared<const T>();
        return value;
    }

    std::shared_ptr<const T> value_;
};

}  // namespace sillage
