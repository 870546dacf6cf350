// yaml-cpp's events in, our tree out. yaml-cpp is asked for events only: its own tree walks alias
// bombs, forgets marks and lets the last of two equal keys win.
//
// What is not plain YAML 1.2 in its events, and mended here: `~`, `Null` and `NULL` come as null;
// an absent value comes as null at the mark of whatever follows; quoted scalars have the tag `!`;
// marks are those of the anchor or tag before a node.

#include "engine/yaml/detail/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/yaml/detail/merge.hpp"
#include "engine/yaml/detail/syntax.hpp"

namespace sillage {
namespace {

using YAML::anchor_t;
using YAML::Mark;

constexpr auto unclosed_quote = "the quote that opens here is never closed";

/// Thrown through yaml-cpp to stop it, caught in build_tree; the finding is made already.
struct Stop {};

/// A node that is being read, and what of it is not yet placed.
struct Open {
    std::shared_ptr<Node> node = nullptr;
    bool is_list = false;  ///< also when `node` is broken
    anchor_t anchor = 0;
    NodePtr key = nullptr;  ///< of a mapping: read, its value is next
};

/// Stands for `?` in what yaml-cpp reads: it would end a plain scalar at one inside `{}`, which
/// YAML does not. No source has this character, as check_text refuses it.
constexpr char question_mark = '\x1A';

/// Whether a `?` may begin an explicit key: it stands alone, only brackets and dashes before it.
bool may_begin_key(std::string_view source, std::size_t at) {
    if (std::string_view(" \t\r\n").find(source.substr(at + 1, 1)) == std::string_view::npos) {
        return false;
    }
    const std::size_t before = source.substr(0, at).find_last_not_of(" \t");
    return before == std::string_view::npos ||
           std::string_view("\n{[,-?:").find(source[before]) != std::string_view::npos;
}

/// The text that yaml-cpp reads. It does not know JSON's `\uD83D\uDE00` for one character, so
/// those of a text that begins as JSON does are replaced by the character; offsets are mapped back.
struct ParsedText {
    std::string text = {};
    struct Shift {
        std::size_t from = 0;   ///< first byte of `text` after a replaced pair
        std::size_t bytes = 0;  ///< to add from there on
    };
    std::vector<Shift> shifts = {};

    [[nodiscard]] std::size_t original(std::size_t offset) const {
        const auto after = std::ranges::upper_bound(shifts, offset, {}, &Shift::from);
        return after == shifts.begin() ? offset : offset + std::prev(after)->bytes;
    }
};

/// The code unit of `\uXXXX`, or 0.
unsigned code_unit_at(std::string_view text, std::size_t at) {
    const auto escape = text.substr(std::min(at, text.size()), 6);
    unsigned unit = 0;
    const auto* last = escape.data() + escape.size();
    const bool fits = escape.size() == 6 && escape.starts_with("\\u") &&
                      std::from_chars(escape.data() + 2, last, unit, 16).ptr == last;
    return fits ? unit : 0;
}

void append_utf8(std::string& text, unsigned code_point) {
    text += static_cast<char>(0xF0U | (code_point >> 18U));
    text += static_cast<char>(0x80U | ((code_point >> 12U) & 0x3FU));
    text += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU));
    text += static_cast<char>(0x80U | (code_point & 0x3FU));
}

ParsedText parsed_text(std::string_view source) {
    const std::size_t first = source.find_first_not_of(" \t\r\n");
    const bool is_json = first != std::string_view::npos && source[first] == '{';
    ParsedText parsed;
    parsed.text.reserve(source.size());
    std::size_t shift = 0;
    for (std::size_t i = 0; i < source.size();) {
        const bool escapes = is_json && source[i] == '\\';
        const unsigned high = escapes ? code_unit_at(source, i) : 0;
        const unsigned low = high >= 0xD800 && high < 0xDC00 ? code_unit_at(source, i + 6) : 0;
        if (low >= 0xDC00 && low < 0xE000) {
            append_utf8(parsed.text, 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00));
            i += 12;
            shift += 8;
            parsed.shifts.push_back({.from = parsed.text.size(), .bytes = shift});
        } else if (source[i] == '?' && !may_begin_key(source, i)) {
            parsed.text += question_mark;
            ++i;
        } else {
            const std::size_t length = escapes && i + 1 < source.size() ? 2 : 1;
            parsed.text += source.substr(i, length);
            i += length;
        }
    }
    return parsed;
}

class TreeBuilder : public YAML::EventHandler {
  public:
    /// `mended`: where a placeholder stands for a value that has its finding.
    TreeBuilder(const SourceText& source, const ParsedText& parsed,
                const std::set<std::size_t>& mended, Findings& findings)
        : source_(source), parsed_(parsed), mended_(mended), findings_(findings) {}

    [[nodiscard]] NodePtr root() const { return root_; }
    /// The quote that is never closed, past all that was read.
    [[nodiscard]] std::size_t open_quote() const {
        const std::string_view text = source_.text();
        std::size_t at = text.find_first_of("\"'", last_end_);
        while (at != std::string_view::npos) {
            const std::size_t end = end_of_quoted(text, at);
            if (end == std::string_view::npos) {
                return at;
            }
            at = text.find_first_of("\"'", end);
        }
        return text.size();
    }

    void OnDocumentStart(const Mark& mark) override {
        if (++document_count_ == 1) {
            return;
        }
        const std::size_t at = offset_of(mark);
        if (source_.text().substr(at).starts_with("---")) {
            stop(at, "several-documents", "a file holds one document; this begins a second one");
        }
        stop(at, "syntax", "the document ended before this");
    }
    void OnDocumentEnd() override { settle_null(std::string_view::npos); }

    void OnNull(const Mark& mark, anchor_t anchor) override;
    void OnAlias(const Mark& mark, anchor_t anchor) override;
    void OnScalar(const Mark& mark, const std::string& tag, anchor_t anchor,
                  const std::string& value) override;

    void OnSequenceStart(const Mark& mark, const std::string& tag, anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        open({.kind = NodeKind::list, .offset = offset_of(mark)}, tag, anchor, style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const Mark& mark, const std::string& tag, anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        open({.kind = NodeKind::map, .offset = offset_of(mark)}, tag, anchor, style);
    }
    void OnMapEnd() override { close(); }

  private:
    void open(Node node, const std::string& tag, anchor_t anchor, YAML::EmitterStyle::value style);
    void close();
    void place(const NodePtr& node, anchor_t anchor);
    void place_in(Open& parent, const NodePtr& node);
    void settle_null(std::size_t next_offset);
    NodePtr finish_null(std::size_t next_offset);
    void refuse_tag(Node& node, const std::string& tag, std::size_t mark_offset);
    void classify(Node& node);
    [[noreturn]] void stop(std::size_t offset, std::string code, std::string message);

    [[nodiscard]] std::size_t offset_of(const Mark& mark) const {
        return mark.pos < 0 ? 0 : parsed_.original(static_cast<std::size_t>(mark.pos));
    }
    [[nodiscard]] std::size_t after_properties(std::size_t offset) const;

    const SourceText& source_;
    const ParsedText& parsed_;
    const std::set<std::size_t>& mended_;
    Findings& findings_;
    std::vector<Open> open_;
    std::map<anchor_t, NodePtr> anchors_;  ///< complete nodes only: the others are cycles
    NodePtr root_ = nullptr;
    std::size_t last_end_ = 0;  ///< of the last scalar, as far as it stands on one line
    std::size_t alias_node_count_ = 0;
    std::size_t document_count_ = 0;
    /// A null is placed when the next event shows whether its text was there or what follows it.
    std::shared_ptr<Node> pending_null_ = nullptr;
    anchor_t pending_null_anchor_ = 0;
};

void TreeBuilder::stop(std::size_t offset, std::string code, std::string message) {
    findings_.error(source_.place_of(offset), std::move(code), std::move(message));
    throw Stop{};
}

/// Past `&anchor` and `!tag`, and the space after them, to the node they belong to.
std::size_t TreeBuilder::after_properties(std::size_t offset) const {
    const std::string_view text = source_.text();
    while (offset < text.size() && (text[offset] == '&' || text[offset] == '!')) {
        const std::size_t end = text.find_first_of(" \t\r\n,[]{}", offset);
        const std::size_t next = text.find_first_not_of(" \t\r\n", std::min(end, text.size()));
        if (next == std::string_view::npos) {
            return offset;
        }
        offset = next;
    }
    return offset;
}

void TreeBuilder::refuse_tag(Node& node, const std::string& tag, std::size_t mark_offset) {
    std::size_t at = mark_offset;
    if (source_.text().substr(at).starts_with('&')) {
        at = source_.text().find_first_not_of(" \t\r\n",
                                              source_.text().find_first_of(" \t\r\n", at));
    }
    if (tag.empty() || tag == "?" || !source_.text().substr(at).starts_with('!')) {
        return;
    }
    const bool in_flow = !open_.empty() && open_.back().node->in_flow;
    const auto value = value_at(source_, at, in_flow);
    findings_.error(
        source_.place_of(at), "tag",
        fmt::format("YAML reads {} as a tag, and a workflow has none; if it begins an "
                    "expression, write it in quotes: {}",
                    quoted(value.substr(0, value.find_first_of(" \t"))), in_quotes(value)));
    node.kind = NodeKind::broken;
}

void TreeBuilder::classify(Node& node) {
    if (node.style != ScalarStyle::plain) {
        node.kind = NodeKind::text;
        return;
    }
    node.kind = plain_kind(node.text);
    if (node.kind == NodeKind::number && !parse_json(node.text)) {
        findings_.error(node.place, "range", quoted(node.text) + " is larger than any number here");
        node.kind = NodeKind::broken;
    }
}

void TreeBuilder::OnScalar(const Mark& mark, const std::string& tag, anchor_t anchor,
                           const std::string& value) {
    settle_null(offset_of(mark));
    auto node = std::make_shared<Node>();
    node->text = value;
    std::ranges::replace(node->text, question_mark, '?');
    node->offset = after_properties(offset_of(mark));
    node->in_flow = !open_.empty() && open_.back().node->in_flow;
    node->place = source_.place_of(node->offset);
    const char first = node->offset < source_.text().size() ? source_.text()[node->offset] : ' ';
    if (tag == "!") {
        node->style = first == '\''  ? ScalarStyle::single_quoted
                      : first == '"' ? ScalarStyle::double_quoted
                                     : ScalarStyle::block;
    }
    classify(*node);
    if (mended_.contains(node->offset)) {
        node->kind = NodeKind::broken;
        node->text.clear();
    }
    refuse_tag(*node, tag, offset_of(mark));
    const bool in_quotes =
        node->style == ScalarStyle::single_quoted || node->style == ScalarStyle::double_quoted;
    last_end_ = in_quotes ? end_of_quoted(source_.text(), node->offset)
                          : node->offset + std::min(value.find('\n'), value.size());
    if (last_end_ == std::string_view::npos) {
        stop(node->offset, "syntax", unclosed_quote);
    }
    place(node, anchor);
}

void TreeBuilder::OnNull(const Mark& mark, anchor_t anchor) {
    settle_null(offset_of(mark));
    pending_null_ = std::make_shared<Node>();
    pending_null_->offset = after_properties(offset_of(mark));
    pending_null_anchor_ = anchor;
}

NodePtr TreeBuilder::finish_null(std::size_t next_offset) {
    const std::shared_ptr<Node> node = std::exchange(pending_null_, nullptr);
    const auto rest = source_.text().substr(std::min(node->offset, source_.text().size()));
    const auto word = rest.substr(0, rest.find_first_of(" \t\r\n,:[]{}#"));
    const bool written = word == "~" || word == "null" || word == "Null" || word == "NULL";
    if (written && node->offset != next_offset) {
        node->text = std::string(word);
        node->kind = plain_kind(word);
    } else if (!open_.empty()) {
        // Nothing was written: the place to look at is the key, or the list.
        const Open& parent = open_.back();
        node->offset = parent.key ? parent.key->offset : node->offset;
    }
    node->place = source_.place_of(node->offset);
    node->in_flow = !open_.empty() && open_.back().node->in_flow;
    return node;
}

void TreeBuilder::settle_null(std::size_t next_offset) {
    if (pending_null_) {
        const anchor_t anchor = pending_null_anchor_;
        const NodePtr node = finish_null(next_offset);
        place(node, anchor);
    }
}

void TreeBuilder::OnAlias(const Mark& mark, anchor_t anchor) {
    const std::size_t at = offset_of(mark);
    settle_null(at);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
        stop(at, "alias-cycle", "this alias stands inside what it stands for");
    }
    const NodePtr& node = found->second;
    alias_node_count_ += node->size;
    if (alias_node_count_ > alias_nodes_max) {
        stop(at, "alias-limit",
             fmt::format("the aliases up to here stand for more than {} nodes", alias_nodes_max));
    }
    if (open_.size() + node->height > yaml_depth_max) {
        stop(at, "too-deep",
             fmt::format("this alias makes the tree deeper than {} levels", yaml_depth_max));
    }
    place(node, 0);
}

void TreeBuilder::open(Node node, const std::string& tag, anchor_t anchor,
                       YAML::EmitterStyle::value style) {
    const std::size_t mark_offset = node.offset;
    settle_null(mark_offset);
    if (open_.size() >= yaml_depth_max) {
        stop(mark_offset, "too-deep",
             fmt::format("lists and mappings may be nested {} levels deep", yaml_depth_max));
    }
    node.in_flow = style == YAML::EmitterStyle::Flow;
    node.offset = after_properties(mark_offset);
    node.place = source_.place_of(node.offset);
    const bool is_list = node.kind == NodeKind::list;
    refuse_tag(node, tag, mark_offset);
    open_.push_back(
        {.node = std::make_shared<Node>(std::move(node)), .is_list = is_list, .anchor = anchor});
}

void TreeBuilder::close() {
    settle_null(std::string_view::npos);
    Open done = std::move(open_.back());
    open_.pop_back();
    if (!done.is_list) {
        resolve_keys(*done.node, findings_);
    }
    for (const NodePtr& item : done.node->items) {
        done.node->size += item->size;
        done.node->height = std::max(done.node->height, item->height);
    }
    for (const Node::Entry& entry : done.node->entries) {
        done.node->size += 1 + entry.value->size;
        done.node->height = std::max(done.node->height, entry.value->height);
    }
    done.node->height += 1;
    place(done.node, done.anchor);
}

void TreeBuilder::place(const NodePtr& node, anchor_t anchor) {
    if (anchor != 0) {
        anchors_[anchor] = node;
    }
    if (open_.empty()) {
        root_ = node;
        return;
    }
    place_in(open_.back(), node);
}

void TreeBuilder::place_in(Open& parent, const NodePtr& node) {
    const bool is_key = !parent.key && !parent.is_list;
    if (is_key && (!node->is_scalar() || node->text.empty())) {
        if (node->kind != NodeKind::broken) {
            findings_.error(node->place, "key",
                            fmt::format("a key is a name; this is {}", describe(*node)));
        }
        auto nameless = std::make_shared<Node>(*node);
        nameless->kind = NodeKind::broken;
        parent.key = nameless;
    } else if (is_key) {
        parent.key = node;
    } else {
        const bool warns = node->style == ScalarStyle::plain && node->kind == NodeKind::text;
        if (warns && looks_like_a_value(node->text)) {
            findings_.warning(node->place, "text-not-value",
                              fmt::format("{} is text here; write {} if that is meant, or a JSON "
                                          "boolean, null or number",
                                          quoted(node->text), in_quotes(node->text)));
        }
        if (!parent.is_list) {
            parent.node->entries.push_back(
                {.key = std::exchange(parent.key, nullptr), .value = node});
        } else {
            parent.node->items.push_back(node);
        }
    }
}

/// Values that YAML cannot read and that are passed over, so that what follows is read too.
/// Chosen: more than one author breaks in one sitting; each costs one more reading.
constexpr std::size_t mended_values_max = 20;

/// One reading of the text.
struct Attempt {
    NodePtr root = nullptr;
    /// The value at which it stopped; without it there is nothing to pass over.
    std::optional<SourceRange> broken_value = {};
};

Attempt try_tree(const SourceText& source, std::string_view text,
                 const std::set<std::size_t>& mended, Findings& findings) {
    const ParsedText parsed = parsed_text(text);
    std::istringstream stream(parsed.text);
    TreeBuilder builder(source, parsed, mended, findings);
    try {
        YAML::Parser parser(stream);
        if (!parser.HandleNextDocument(builder)) {
            findings.error({1, 1}, "empty", "the file holds no workflow");
            return {};
        }
        // A second document, or text after the end of the first, makes the builder stop.
        parser.HandleNextDocument(builder);
    } catch (const Stop&) {
        return {};
    } catch (const YAML::Exception& exception) {
        const auto at = static_cast<std::size_t>(std::max(exception.mark.pos, 0));
        if (exception.msg == YAML::ErrorMsg::EOF_IN_SCALAR) {
            findings.error(source.place_of(builder.open_quote()), "syntax", unclosed_quote);
            return {};
        }
        return {.broken_value =
                    report_syntax(source, parsed.original(at), exception.msg, findings)};
    }
    return {.root = builder.root()};
}

}  // namespace

NodePtr build_tree(const SourceText& source, Findings& findings) {
    std::string text(source.text());
    std::set<std::size_t> mended;
    for (std::size_t i = 0; i <= mended_values_max; ++i) {
        const Attempt attempt = try_tree(source, text, mended, findings);
        if (!attempt.broken_value || !mended.insert(attempt.broken_value->offset).second) {
            return attempt.root;
        }
        // As many bytes, so that every place stays as it is.
        const auto [offset, bytes] = *attempt.broken_value;
        text.replace(offset, bytes, bytes, 'x');
    }
    return nullptr;
}

}  // namespace sillage
