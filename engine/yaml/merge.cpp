#include "engine/yaml/detail/merge.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sillage {
namespace {

bool is_merge_key(const Node& key) { return key.style == ScalarStyle::plain && key.text == "<<"; }

/// Merges into one mapping, in the order of its text.
class Merger {
  public:
    Merger(Node& map, Findings& findings) : map_(map), findings_(findings) {}

    void run() {
        auto entries = std::exchange(map_.entries, {});
        for (const Node::Entry& entry : entries) {
            if (!is_merge_key(*entry.key)) {
                note_explicit(entry);
            }
        }
        for (Node::Entry& entry : entries) {
            if (is_merge_key(*entry.key)) {
                merge(entry);
            } else if (explicit_.find(entry.key->text)->second == entry.key.get()) {
                map_.entries.push_back(std::move(entry));
            }
        }
    }

  private:
    void note_explicit(const Node::Entry& entry) {
        const auto [first, is_new] = explicit_.emplace(entry.key->text, entry.key.get());
        if (!is_new && entry.key->kind != NodeKind::broken) {
            findings_.error(entry.key->place, "duplicate-key",
                            fmt::format("{} stands already in line {}", quoted(entry.key->text),
                                        first->second->place.line));
        }
    }

    void merge(const Node::Entry& entry) {
        if (std::exchange(merged_once_, true)) {
            findings_.error(entry.key->place, "duplicate-key",
                            "a second << ; merge several mappings with one list: <<: [*a, *b]");
            return;
        }
        const Node& value = *entry.value;
        if (value.kind == NodeKind::list) {
            for (const NodePtr& item : value.items) {
                merge_map(*item, entry);
            }
            return;
        }
        merge_map(value, entry);
    }

    void merge_map(const Node& from, const Node::Entry& merge_entry) {
        if (from.kind == NodeKind::broken) {
            return;
        }
        if (from.kind != NodeKind::map) {
            findings_.error(from.place, "merge",
                            fmt::format("<< takes a mapping or a list of mappings; this is {}",
                                        describe(from)));
            return;
        }
        for (const Node::Entry& entry : from.entries) {
            if (const auto own = explicit_.find(entry.key->text); own != explicit_.end()) {
                conflict(own->second->place, entry, "also stands in what << merges here");
            } else if (!merged_.emplace(entry.key->text, entry.key.get()).second) {
                conflict(merge_entry.key->place, entry, "stands in two of the merged mappings");
            } else {
                map_.entries.push_back(entry);
            }
        }
    }

    void conflict(Place place, const Node::Entry& entry, std::string_view how) {
        findings_.error(place, "merge-conflict",
                        fmt::format("{} {} (line {}); keep one of the two", quoted(entry.key->text),
                                    how, entry.key->place.line));
    }

    Node& map_;
    Findings& findings_;
    std::map<std::string_view, const Node*> explicit_;
    std::map<std::string_view, const Node*> merged_;
    bool merged_once_ = false;
};

}  // namespace

void resolve_keys(Node& map, Findings& findings) { Merger(map, findings).run(); }

}  // namespace sillage
