// A state with states inside is a cluster. Arrows of `dot` join nodes, not clusters: one to or from
// a cluster is tied to the dot that marks where the cluster starts, and is cut off at its border.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/formats/detail/sketch.hpp"
#include "engine/formats/diagram.hpp"

namespace sillage {
namespace {

/// Code points of a line. Chosen: boxes stay about twice as wide as high, arrows find room.
constexpr std::size_t node_width = 26;
constexpr std::size_t edge_width = 30;

/// Fills of nested clusters, from the outside in; then again.
constexpr std::array<std::string_view, 4> fills = {"#f4f7fb", "#e9f0f8", "#dde8f4", "#d1e0ef"};
constexpr std::string_view active_fill = "#ffd98a";
constexpr std::string_view active_line = "#c46a00";
constexpr std::string_view line = "#5b6b7d";

/// Ends a line that begins at the left.
constexpr std::string_view left_end = "<BR ALIGN=\"LEFT\"/>";

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

/// Lines of a text as the inside of an HTML-like label: what stands between them, and at the end.
std::string label_lines(const std::string& text, std::size_t width, std::string_view between,
                        std::string_view end) {
    std::string label;
    for (const std::string& one : wrapped(text, width)) {
        label += (label.empty() ? "" : std::string(between)) + escaped(one);
    }
    return label + std::string(end);
}

class DotWriter {
  public:
    DotWriter(const Definition& definition, const DiagramOptions& options)
        : definition_(definition), sketch_(sketch_of(definition, options)) {}

    [[nodiscard]] std::string write() {
        text_ = fmt::format(
            "digraph workflow {{\n"
            "  graph [compound=true, newrank=true, rankdir=TB, ranksep=0.45, nodesep=0.35, "
            "labelloc=t, pad=0.3,\n"
            "         fontname=\"Helvetica\", fontsize=18, label=<{}>]\n"
            "  node [shape=box, style=\"rounded,filled\", fillcolor=white, color=\"{}\",\n"
            "        fontname=\"Helvetica\", fontsize=11, margin=\"0.12,0.06\"]\n"
            "  edge [color=\"{}\", fontname=\"Helvetica\", fontsize=9, arrowsize=0.7]\n",
            escaped(sketch_.title), line, line);
        find_anywhere();
        write_inside(root_state, 1);
        for (const SketchEdge& edge : sketch_.edges) {
            write_edge(edge);
        }
        return text_ + "}\n";
    }

  private:
    /// States from which an arrow leads inside: they get a node that stands for anywhere in them.
    void find_anywhere() {
        anywhere_.resize(definition_.states.size());
        for (const SketchEdge& edge : sketch_.edges) {
            if (definition_.is_descendant(edge.to, edge.from)) {
                anywhere_[edge.from] = true;
            }
        }
    }

    void add(std::size_t depth, const std::string& statement) {
        text_ += std::string(2 * depth, ' ') + statement + "\n";
    }

    void write_inside(StateIndex index, std::size_t depth) {
        const State& state = definition_.state(index);
        if (state.type == StateType::compound) {
            add(depth, fmt::format("i{} [shape=point, width=0.12, fillcolor=\"#222222\"]", index));
        }
        if (anywhere_[index]) {
            add(depth, fmt::format("a{} [shape=circle, width=0.16, fixedsize=true, label=\"*\", "
                                   "fontsize=10, margin=0]",
                                   index));
        }
        for (const StateIndex child : state.children) {
            write_state(child, depth);
        }
        if (state.type == StateType::parallel) {
            add_same_rank(state, depth);
        } else if (state.type == StateType::compound) {
            for (const StateIndex target : state.initial.targets) {
                add(depth,
                    fmt::format("i{} -> {}{}", index, anchor_of(target),
                                is_cluster(target) ? fmt::format(" [lhead=cluster_{}]", target)
                                                   : std::string()));
            }
        }
    }

    /// Regions begin side by side, wherever arrows from outside would pull one of them.
    void add_same_rank(const State& parallel, std::size_t depth) {
        std::string anchors;
        for (const StateIndex child : parallel.children) {
            if (definition_.state(child).type != StateType::history) {
                anchors += anchor_of(child) + "; ";
            }
        }
        add(depth, "{rank=same; " + anchors + "}");
    }

    [[nodiscard]] bool is_cluster(StateIndex index) const {
        return !definition_.state(index).children.empty();
    }

    void write_state(StateIndex index, std::size_t depth) {
        const State& state = definition_.state(index);
        if (!is_cluster(index)) {
            write_node(index, depth);
            return;
        }
        const bool is_region = definition_.state(state.parent).type == StateType::parallel;
        const bool active = sketch_.nodes[index].active;
        add(depth, fmt::format("subgraph cluster_{} {{", index));
        add(depth + 1,
            fmt::format("graph [style=\"{}filled\", fillcolor=\"{}\", color=\"{}\", penwidth={}, "
                        "fontsize=12, labeljust=l, label=<{}>]",
                        is_region ? "dashed," : "rounded,", fills[(depth - 1) % fills.size()],
                        active ? active_line : line, active ? 2.5 : 1.0, label_of(index)));
        write_inside(index, depth + 1);
        add(depth, "}");
    }

    void write_node(StateIndex index, std::size_t depth) {
        const State& state = definition_.state(index);
        if (state.type == StateType::history) {
            add(depth, fmt::format("s{} [shape=circle, width=0.3, fixedsize=true, label=\"{}\"]",
                                   index, state.history == HistoryType::deep ? "H*" : "H"));
            return;
        }
        const bool is_final = state.type == StateType::final;
        const bool active = sketch_.nodes[index].active;
        std::string attributes = is_final ? ", peripheries=2" : "";
        if (active) {
            attributes += fmt::format(", fillcolor=\"{}\", color=\"{}\", penwidth=2.5", active_fill,
                                      active_line);
        }
        add(depth, fmt::format("s{} [label=<{}>{}]", index, label_of(index), attributes));
    }

    [[nodiscard]] std::string label_of(StateIndex index) const {
        const SketchNode& node = sketch_.nodes[index];
        std::string label = "<B>" + label_lines(node.title, node_width, "<BR/>", "") + "</B><BR/>";
        const auto add_small = [&](const std::string& text, std::string_view color,
                                   std::string_view end) {
            label += fmt::format("<FONT POINT-SIZE=\"9\" COLOR=\"{}\">{}</FONT>", color,
                                 label_lines(text, edge_width, end, end));
        };
        for (const std::string& note : node.notes) {
            add_small(note, "#7a4b00", "<BR/>");
        }
        for (const std::string& inside : node.inside) {
            add_small("• " + inside, "#3d4b5c", left_end);
        }
        return label;
    }

    /// The node that an arrow to or from a state is tied to.
    [[nodiscard]] std::string anchor_of(StateIndex index) const {
        const State* state = &definition_.state(index);
        while (state->type == StateType::parallel) {
            index = state->children.front();
            state = &definition_.state(index);
        }
        return fmt::format("{}{}", state->type == StateType::compound ? 'i' : 's', index);
    }

    void write_edge(const SketchEdge& edge) {
        const bool inwards = definition_.is_descendant(edge.to, edge.from);
        const bool outwards = definition_.is_descendant(edge.from, edge.to);
        std::string attributes;
        if (is_cluster(edge.from) && !inwards) {
            attributes += fmt::format("ltail=cluster_{}, ", edge.from);
        }
        if (is_cluster(edge.to) && !outwards) {
            attributes += fmt::format("lhead=cluster_{}, ", edge.to);
        }
        if (sketch_.nodes[edge.from].active) {
            attributes += fmt::format("color=\"{}\", ", active_line);
        }
        std::string label;
        for (const std::string& one : edge.lines) {
            label += label_lines(one, edge_width, left_end, left_end);
        }
        text_ += fmt::format(
            "  {} -> {} [{}{}]\n", inwards ? fmt::format("a{}", edge.from) : anchor_of(edge.from),
            anchor_of(edge.to), attributes, label.empty() ? "" : "label=<" + label + ">");
    }

    const Definition& definition_;
    Sketch sketch_;
    std::vector<bool> anywhere_;
    std::string text_;
};

}  // namespace

std::string to_dot(const Definition& definition, const DiagramOptions& options) {
    return DotWriter(definition, options).write();
}

}  // namespace sillage
