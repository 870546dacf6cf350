#pragma once

#include <atomic>
#include <boost/json/string_view.hpp>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <sys/single_threaded.h>

namespace sillage {

/// Immutable text that is copied by counting: an event's name, an account's id. A step copies
/// such names many times over and never changes one. One pointer wide; the empty name owns
/// nothing. Copies may live in different threads.
class Name {
  public:
    Name() = default;
    // Implicit: a name is text that is only kept differently.
    Name(std::string text);                                   // NOLINT
    Name(std::string_view text) : Name(std::string(text)) {}  // NOLINT
    Name(const char* text) : Name(std::string(text)) {}       // NOLINT
    Name(const Name& other) noexcept : shared_(other.shared_) { take(); }
    Name(Name&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
    /// Copying what is the same text already touches no counter.
    Name& operator=(const Name& other) noexcept {
        if (shared_ != other.shared_) {
            Name(other).swap(*this);
        }
        return *this;
    }
    Name& operator=(Name&& other) noexcept {
        Name(std::move(other)).swap(*this);
        return *this;
    }
    ~Name() { give(); }

    [[nodiscard]] const std::string& text() const { return shared_ ? shared_->text : nothing(); }
    [[nodiscard]] std::string_view view() const { return text(); }
    [[nodiscard]] bool empty() const { return shared_ == nullptr; }
    operator std::string_view() const { return text(); }          // NOLINT
    operator boost::json::string_view() const { return text(); }  // NOLINT: Boost.JSON's own

    /// Whether both are copies of one Name; equal texts need not be.
    [[nodiscard]] bool is_copy_of(const Name& other) const { return shared_ == other.shared_; }

    void swap(Name& other) noexcept { std::swap(shared_, other.shared_); }

    friend bool operator==(const Name& a, const Name& b) {
        return a.shared_ == b.shared_ || a.view() == b.view();
    }
    friend std::strong_ordering operator<=>(const Name& a, const Name& b) {
        return a.shared_ == b.shared_ ? std::strong_ordering::equal : a.view() <=> b.view();
    }
    template <class T>
    requires std::convertible_to<T, std::string_view> &&(!std::same_as<T, Name>)friend bool
    operator==(const Name& a, const T& b) {
        return a.view() == std::string_view(b);
    }
    template <class T>
    requires std::convertible_to<T, std::string_view> &&
        (!std::same_as<T, Name>)friend std::strong_ordering
        operator<=>(const Name& a, const T& b) {
        return a.view() <=> std::string_view(b);
    }
    friend std::ostream& operator<<(std::ostream& out, const Name& name) {
        return out << name.view();
    }

  private:
    struct Shared {
        std::atomic<std::int32_t> owner_count = 1;
        std::string text = {};
    };

    static const std::string& nothing();
    void take() const noexcept {
        if (shared_ != nullptr) {
            add(1);
        }
    }
    void give() noexcept {
        if (shared_ != nullptr && add(-1) == 0) {
            delete shared_;
        }
    }
    /// Gives the new count. A locked instruction costs ten plain ones, and a step has dozens, so
    /// that a program with one thread does without, as std::shared_ptr does. Source: glibc's
    /// manual, "Single-Threaded Processes".
    std::int32_t add(std::int32_t owners) const noexcept {
        std::atomic<std::int32_t>& count = shared_->owner_count;
        if (__libc_single_threaded != 0) {
            const std::int32_t owner_count = count.load(std::memory_order_relaxed) + owners;
            count.store(owner_count, std::memory_order_relaxed);
            return owner_count;
        }
        return count.fetch_add(owners, std::memory_order_acq_rel) + owners;
    }

    Shared* shared_ = nullptr;
};

}  // namespace sillage
