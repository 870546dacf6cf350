#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace sillage {

/// An optional that takes a pointer's room while it is empty: for the members of which few
/// values of many have one. Copied and compared as what it holds.
template <class T>
class Rare {
  public:
    Rare() = default;
    Rare(std::nullopt_t) {}                                           // NOLINT: as optional
    Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: as optional
    Rare(const std::optional<T>& value) : Rare(value ? Rare(*value) : Rare()) {}  // NOLINT
    Rare(const Rare& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
    Rare(Rare&&) noexcept = default;
    Rare& operator=(const Rare& other) {
        if (value_ != nullptr || other) {
            *this = Rare(other);
        }
        return *this;
    }
    Rare& operator=(Rare&&) noexcept = default;
    ~Rare() = default;

    [[nodiscard]] bool has_value() const { return value_ != nullptr; }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] T& operator*() { return *value_; }
    [[nodiscard]] const T& operator*() const { return *value_; }
    [[nodiscard]] T* operator->() { return value_.get(); }
    [[nodiscard]] const T* operator->() const { return value_.get(); }
    operator std::optional<T>() const {  // NOLINT: the same, kept differently
        return value_ ? std::optional<T>(*value_) : std::nullopt;
    }
    void reset() { value_.reset(); }

    friend bool operator==(const Rare& a, const Rare& b) {
        return a.has_value() == b.has_value() && (!a || *a == *b);
    }

  private:
    std::unique_ptr<T> value_ = nullptr;
};

}  // namespace sillage
