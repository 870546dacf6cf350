#include "tests/property/random_chart.hpp"

#include <fmt/format.h>

#include <vector>

namespace sillage::test {
namespace {

/// Deepest nesting of states. Chosen: enough for regions within regions.
constexpr std::uint64_t depth_max = 3;

struct Node {
    std::string kind = {};  ///< `atomic`, `compound`, `parallel`, `final`, `history`
    std::uint64_t name = 0;
    std::vector<Node> children = {};
};

class ChartWriter {
  public:
    explicit ChartWriter(Dice& dice) : dice_(dice) {}

    std::string write() {
        Node root{.kind = "compound"};
        grow(root, 0);
        text_ =
            "workflow: random\nversion: 1\nroles: { r0: {}, r1: {} }\n"
            "context: { n: { type: integer, default: 1 } }\n";
        text_ += fmt::format("initial: s{}\nstates:\n", root.children.front().name);
        for (const Node& child : root.children) {
            write_state(child, 1);
        }
        return text_;
    }

  private:
    std::string kind_below(const std::string& parent, std::uint64_t depth, bool first) {
        if (parent == "parallel") {
            return depth < depth_max ? "compound" : "atomic";
        }
        const std::uint64_t roll = dice_.roll(10);
        if (depth < depth_max && roll < 4) {
            return roll < 2 ? "compound" : "parallel";
        }
        return !first && roll == 9 ? "final" : "atomic";
    }

    void grow(Node& node, std::uint64_t depth) {
        const std::uint64_t count = 2 + dice_.roll(2);
        for (std::uint64_t i = 0; i < count; ++i) {
            Node child{.kind = kind_below(node.kind, depth, i == 0), .name = names_++};
            if (depth == 0 && child.kind == "final") {
                child.kind = "atomic";  // an instance that ends at once shows nothing
            }
            if (child.kind != "final") {
                targets_.push_back(child.name);
            }
            if (child.kind == "compound" || child.kind == "parallel") {
                grow(child, depth + 1);
            }
            node.children.push_back(std::move(child));
        }
        if (depth > 0 && dice_.chance(1, 2)) {
            targets_.push_back(names_);
            node.children.push_back({.kind = "history", .name = names_++});
        }
    }

    std::string target() { return fmt::format("\"#i{}\"", targets_[dice_.roll(targets_.size())]); }

    std::string guard() {
        switch (dice_.roll(5)) {
            case 0:
                return "n % 2 == 0";
            case 1:
                return "n > 3";
            case 2:
                return "10 / (n - 2) > 1";
            default:
                return {};
        }
    }

    std::string transition() {
        std::string text = "{ ";
        if (dice_.chance(3, 4)) {
            text += "target: " + target() + ", ";
        }
        if (const std::string clause = guard(); !clause.empty()) {
            text += "guard: \"" + clause + "\", ";
        }
        if (dice_.chance(1, 3)) {
            text += fmt::format("by: r{}, ", dice_.roll(2));
        }
        if (dice_.chance(1, 5)) {
            text += "reenter: true, ";
        }
        text += R"(actions: [{ assign: { n: "${(n * 3 + 1) % 7}" } })";
        if (dice_.chance(1, 4)) {
            text += fmt::format(", raise: e{}", dice_.roll(random_event_count));
        }
        return text + "] }";
    }

    void write_events(const std::string& margin) {
        text_ += margin + "on:\n";
        const std::uint64_t first = dice_.roll(random_event_count);
        const std::uint64_t count = 1 + dice_.roll(3);
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t event = (first + i) % random_event_count;
            text_ += fmt::format("{}  e{}: [{}, {}]\n", margin, event, transition(), transition());
        }
        if (dice_.chance(1, 8)) {
            text_ += margin + "  error.execution: " + transition() + "\n";
        }
    }

    void write_state(const Node& node, std::uint64_t depth) {
        const std::string margin(depth * 4, ' ');
        text_ += fmt::format("{}s{}:\n{}    id: i{}\n", margin, node.name, margin, node.name);
        const std::string inner = margin + "    ";
        if (node.kind == "final") {
            text_ += inner + "type: final\n";
            return;
        }
        if (node.kind == "history") {
            text_ += fmt::format("{}type: history\n{}history: {}\n", inner, inner,
                                 dice_.chance(1, 2) ? "deep" : "shallow");
            text_ += inner + "target: " + history_default_ + "\n";
            return;
        }
        write_events(inner);
        if (dice_.chance(1, 6)) {
            text_ += fmt::format("{}always: {{ guard: n == 4, target: {}, actions: [{}] }}\n",
                                 inner, target(), R"({ assign: { n: "${n + 1}" } })");
        }
        if (node.children.empty()) {
            return;
        }
        text_ += node.kind == "parallel"
                     ? inner + "type: parallel\n"
                     : fmt::format("{}initial: s{}\n", inner, node.children.front().name);
        text_ += inner + "states:\n";
        for (const Node& child : node.children) {
            history_default_ = fmt::format("\"#i{}\"", node.children.front().name);
            write_state(child, depth + 2);
        }
    }

    Dice& dice_;
    std::string text_;
    std::string history_default_;
    std::uint64_t names_ = 0;
    std::vector<std::uint64_t> targets_;
};

}  // namespace

std::uint64_t Dice::roll(std::uint64_t sides) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return (mixed ^ (mixed >> 31U)) % sides;
}

std::string random_chart(Dice& dice) { return ChartWriter(dice).write(); }

}  // namespace sillage::test
