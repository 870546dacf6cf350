// Arrows stand after all states, at the top: there Mermaid lets them join states of different
// nesting. One from a state to a state inside of it would be refused, so it starts at a state made
// up for it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "engine/base/json.hpp"
#include "engine/formats/detail/sketch.hpp"
#include "engine/formats/diagram.hpp"

namespace sillage {
namespace {

/// Code points of a line, as in boxes of other diagrams.
constexpr std::size_t label_width = 30;

/// Words that Mermaid reads as its own.
constexpr std::array<std::string_view, 16> own_words = {
    "state", "end",    "note",  "class",   "classDef", "direction", "as",    "fork",
    "join",  "choice", "title", "default", "hide",     "scale",     "style", "stateDiagram"};

bool is_harmless(char c) {
    constexpr std::string_view signs = " .,+*/=()!?_-";
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_word || static_cast<unsigned char>(c) >= 0x80 ||
           signs.find(c) != std::string_view::npos;
}

/// Whatever could end a label or begin something else stands as a number. Ex. `#58;` for a colon.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += is_harmless(c) ? std::string(1, c) : fmt::format("#{};", static_cast<int>(c));
    }
    return result;
}

std::string label_of(const std::vector<std::string>& lines) {
    std::string label;
    for (const std::string& one : lines) {
        for (const std::string& part : wrapped(one, label_width)) {
            label += (label.empty() ? "" : "<br>") + escaped(part);
        }
    }
    return label;
}

class MermaidWriter {
  public:
    MermaidWriter(const Definition& definition, const DiagramOptions& options)
        : definition_(definition),
          phrases_(options.languages),
          sketch_(sketch_of(definition, options)) {
        for (const State& state : definition.states) {
            ids_.push_back(made_id(state.id));
        }
        anywhere_.resize(definition.states.size());
        for (const SketchEdge& edge : sketch_.edges) {
            if (definition.is_descendant(edge.to, edge.from) && anywhere_[edge.from].empty()) {
                anywhere_[edge.from] = made_id(definition.state(edge.from).id + ".any");
            }
        }
    }

    [[nodiscard]] std::string write() {
        text_ = "---\ntitle: " + to_json_text(boost::json::value(sketch_.title)) +
                "\n---\nstateDiagram-v2\n";
        write_inside(root_state, 1);
        for (const SketchEdge& edge : sketch_.edges) {
            const bool inwards = definition_.is_descendant(edge.to, edge.from);
            const std::string label = label_of(edge.lines);
            add(1, fmt::format("{} --> {}{}", inwards ? anywhere_[edge.from] : ids_[edge.from],
                               ids_[edge.to], label.empty() ? "" : " : " + label));
        }
        write_active();
        return text_;
    }

  private:
    [[nodiscard]] std::string made_id(const std::string& path) {
        std::string id = path.empty() ? "workflow" : path;
        std::ranges::replace_if(
            id, [](char c) { return c == '.' || c == '-' || !is_harmless(c); }, '_');
        while (std::ranges::find(own_words, std::string_view(id)) != own_words.end() ||
               !used_.insert(id).second) {
            id += '_';
        }
        return id;
    }

    void add(std::size_t depth, const std::string& statement) {
        text_ += std::string(4 * depth, ' ') + statement + "\n";
    }

    void write_inside(StateIndex index, std::size_t depth) {
        const State& state = definition_.state(index);
        bool is_first = true;
        for (const StateIndex child : state.children) {
            const bool is_region = definition_.state(child).type != StateType::history;
            if (state.type == StateType::parallel && is_region && !is_first) {
                add(depth, "--");
            }
            is_first = is_first && !is_region;
            write_state(child, depth);
        }
        if (!anywhere_[index].empty()) {
            add(depth,
                fmt::format("state \"{}\" as {}", escaped(phrases_.anywhere()), anywhere_[index]));
        }
        for (const StateIndex target : state.initial.targets) {
            if (state.type == StateType::compound) {
                add(depth, "[*] --> " + ids_[target]);
            }
        }
    }

    void write_state(StateIndex index, std::size_t depth) {
        const State& state = definition_.state(index);
        const SketchNode& node = sketch_.nodes[index];
        std::vector<std::string> lines = {node.title};
        lines.insert(lines.end(), node.notes.begin(), node.notes.end());
        lines.insert(lines.end(), node.inside.begin(), node.inside.end());
        if (state.type == StateType::history) {
            lines = {state.history == HistoryType::deep ? "H*" : "H"};
        }
        const bool is_nested = !state.children.empty();
        add(depth, fmt::format("state \"{}\" as {}{}", label_of(lines), ids_[index],
                               is_nested ? " {" : ""));
        if (is_nested) {
            write_inside(index, depth + 1);
            add(depth, "}");
        }
        if (state.type == StateType::final) {
            add(depth, ids_[index] + " --> [*]");
        }
    }

    void write_active() {
        std::string active;
        for (StateIndex index = 1; index < definition_.states.size(); ++index) {
            if (sketch_.nodes[index].active && definition_.state(index).children.empty()) {
                active += (active.empty() ? "" : ", ") + ids_[index];
            }
        }
        if (!active.empty()) {
            add(1, "classDef active fill:#ffd98a,stroke:#c46a00,stroke-width:3px");
            add(1, "class " + active + " active");
        }
    }

    const Definition& definition_;
    Phrases phrases_;
    Sketch sketch_;
    /// By StateIndex: what Mermaid knows it by.
    std::vector<std::string> ids_;
    /// By StateIndex: the state that stands for anywhere in it, where one is needed.
    std::vector<std::string> anywhere_;
    std::set<std::string> used_;
    std::string text_;
};

}  // namespace

std::string to_mermaid(const Definition& definition, const DiagramOptions& options) {
    return MermaidWriter(definition, options).write();
}

}  // namespace sillage
