#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

namespace sillage {

/// A small map in one piece of memory, in order of its keys: what std::map is for many entries,
/// for the handful that an instance has. Copying one onto another reuses its memory.
template <class Key, class T>
class FlatMap {
  public:
    struct Entry {
        Key first = {};
        T second = {};

        bool operator==(const Entry&) const = default;
    };
    using iterator = typename std::vector<Entry>::iterator;
    using const_iterator = typename std::vector<Entry>::const_iterator;

    FlatMap() = default;
    /// Of two entries with one key the first counts.
    FlatMap(std::initializer_list<Entry> entries) {
        for (const Entry& entry : entries) {
            emplace(entry.first, entry.second);
        }
    }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] iterator begin() { return entries_.begin(); }
    [[nodiscard]] iterator end() { return entries_.end(); }
    [[nodiscard]] const_iterator begin() const { return entries_.begin(); }
    [[nodiscard]] const_iterator end() const { return entries_.end(); }
    /// `key` is whatever compares with a Key.
    [[nodiscard]] iterator find(const auto& key) { return found(entries_, key); }
    [[nodiscard]] const_iterator find(const auto& key) const { return found(entries_, key); }
    [[nodiscard]] bool contains(const auto& key) const { return find(key) != end(); }

    /// The value at the key, made when there is none.
    T& operator[](const Key& key) {
        const auto at = place(entries_, key);
        if (at != entries_.end() && at->first == key) {
            return at->second;
        }
        return entries_.insert(at, Entry{.first = key})->second;
    }
    /// Changes nothing when the key is there.
    void emplace(Key key, T value) {
        const auto at = place(entries_, key);
        if (at == entries_.end() || !(at->first == key)) {
            entries_.insert(at, Entry{.first = std::move(key), .second = std::move(value)});
        }
    }
    void erase(const Key& key) {
        const auto at = find(key);
        if (at != end()) {
            entries_.erase(at);
        }
    }
    void clear() { entries_.clear(); }

    bool operator==(const FlatMap&) const = default;

  private:
    static auto place(auto& entries, const auto& key) {
        return std::lower_bound(
            entries.begin(), entries.end(), key,
            [](const Entry& entry, const auto& wanted) { return entry.first < wanted; });
    }
    static auto found(auto& entries, const auto& key) {
        const auto at = place(entries, key);
        return at != entries.end() && at->first == key ? at : entries.end();
    }

    std::vector<Entry> entries_;
};

}  // namespace sillage
