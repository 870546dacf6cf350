#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/store/sqlite/first_timers.hpp"
#include "engine/store/store.hpp"

namespace sillage {

using AnswerPointer = std::shared_ptr<const StoredAnswer>;

/// What was written of an instance and is not in its tables yet, oldest first; never empty.
using Pending = std::vector<WritePointer>;

/// What views show before the tables do: of each instance in it everything but the entries that
/// the tables have already.
class Overlay {
  public:
    void add(WritePointer write);
    void add(AnswerPointer answer);
    /// The tables have the instance's entries up to `sequence`.
    void drop(const std::string& instance, std::uint64_t sequence);
    /// The tables have it; one that was put in its place since stays.
    void drop(const AnswerPointer& answer);
    /// Takes over everything of `other`, which came later.
    void take(Overlay other);
    void clear();

    /// Null: the tables are right.
    [[nodiscard]] const Pending* find(std::string_view instance) const;
    [[nodiscard]] const Pending* find_key(std::string_view workflow, std::string_view key) const;
    [[nodiscard]] const Pending* find_child(std::string_view parent, std::uint64_t serial) const;
    [[nodiscard]] AnswerPointer find_answer(std::string_view scope, std::string_view key) const;
    [[nodiscard]] const auto& instances() const { return instances_; }
    [[nodiscard]] const FirstTimers& timers() const { return timers_; }

  private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::unordered_map<std::string, Pending, Hash, std::equal_to<>> instances_;
    /// Ids, by workflow and key, and by parent and serial.
    std::map<std::pair<std::string, std::string>, std::string, std::less<>> keys_;
    std::map<std::pair<std::string, std::uint64_t>, std::string, std::less<>> children_;
    FirstTimers timers_;
    /// By scope and key.
    std::map<std::pair<std::string, std::string>, AnswerPointer, std::less<>> answers_;
};

}  // namespace sillage
