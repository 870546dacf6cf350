#include "engine/cel/detail/checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/base/nearest.hpp"
#include "engine/cel/detail/type_rules.hpp"

namespace sillage {
namespace {

struct TypeDenotation {
    std::string_view name;
    std::string_view value;
};
constexpr std::array<TypeDenotation, 12> type_denotations = {{
    {"bool", "bool"},
    {"bytes", "bytes"},
    {"double", "double"},
    {"int", "int"},
    {"list", "list"},
    {"map", "map"},
    {"null_type", "null_type"},
    {"string", "string"},
    {"type", "type"},
    {"uint", "uint"},
    {"google.protobuf.Timestamp", "google.protobuf.Timestamp"},
    {"google.protobuf.Duration", "google.protobuf.Duration"},
}};

/// The sentence, ended by the nearest known name or a full stop.
std::string ended(std::string sentence, std::string_view near) {
    return std::move(sentence) + (near.empty() ? "." : did_you_mean(near));
}

/// What stands around a node, as far as its path is concerned.
enum class PathUse {
    whole,    ///< the path ends here and is read
    extended  ///< the parent's path is longer and tells more
};

class ExpressionChecker {
  public:
    ExpressionChecker(SyntaxTree& tree, const Scope& scope) : tree_(tree), scope_(scope) {}

    CheckedTree run() {
        CheckedTree checked;
        checked.type = check(tree_.root);
        std::ranges::stable_sort(findings_, {}, &ExpressionFinding::offset);
        checked.findings = std::move(findings_);
        checked.reads = std::move(reads_);
        checked.asked_events = std::move(asked_events_);
        return checked;
    }

  private:
    struct MacroVariable {
        std::string name;
        ValueType type;
    };

    ValueType check(SyntaxIndex index, PathUse use = PathUse::whole) {
        SyntaxNode& node = tree_.nodes[index];
        switch (node.kind) {
            case SyntaxKind::literal:
                return type_of(node.value);
            case SyntaxKind::name:
                return check_name(index, use);
            case SyntaxKind::select:
            case SyntaxKind::has:
                return check_select(index, use);
            case SyntaxKind::call:
            case SyntaxKind::method:
            case SyntaxKind::index:
                return check_call(index, use);
            case SyntaxKind::all_of:
            case SyntaxKind::any_of:
                return check_logic(node);
            case SyntaxKind::conditional:
                return check_conditional(node);
            case SyntaxKind::list:
                return check_list(node);
            case SyntaxKind::map:
                return check_map(node);
            case SyntaxKind::all:
            case SyntaxKind::exists:
            case SyntaxKind::exists_one:
            case SyntaxKind::filter:
            case SyntaxKind::transform:
                return check_macro(node);
        }
        return {};
    }

    // Findings

    void mismatch(const SyntaxNode& node, std::string message) {
        if (!scope_.is_open()) {
            report(node, "type-mismatch", std::move(message));
        }
    }
    void report(const SyntaxNode& node, std::string_view code, std::string message) {
        findings_.push_back(ExpressionFinding{
            .offset = node.offset, .code = std::string(code), .message = std::move(message)});
    }
    /// What an open scope leaves to evaluation.
    ValueType refuse(SyntaxNode& node, std::string_view code, std::string message) {
        if (scope_.is_open()) {
            node.failure = std::move(message);
        } else {
            report(node, code, std::move(message));
        }
        return {};
    }

    // Names and fields

    ValueType check_name(SyntaxIndex index, PathUse use) {
        SyntaxNode& node = tree_.nodes[index];
        if (const auto local = local_of(node)) {
            node.resolution = Resolution::local;
            node.slot = *local;
            return locals_[*local].type;
        }
        if (auto type = resolve(node, node.name, use)) {
            return *std::move(type);
        }
        return refuse(node, "unknown-name",
                      ended(fmt::format("There is no \"{}\" here", node.name),
                            nearest(node.name, known_names())));
    }

    std::optional<std::size_t> local_of(const SyntaxNode& node) const {
        for (std::size_t i = node.rooted ? 0 : locals_.size(); i > 0; --i) {
            if (locals_[i - 1].name == node.name) {
                return i - 1;
            }
        }
        return std::nullopt;
    }

    /// Makes the node the variable or type of that name.
    std::optional<ValueType> resolve(SyntaxNode& node, const std::string& name, PathUse use) {
        if (const Scope::Name* found = scope_.find(name)) {
            node.resolution = Resolution::slot;
            node.slot = found->slot;
            if (use == PathUse::whole) {
                remember(name);
            }
            return found->type;
        }
        const auto type = std::ranges::find(type_denotations, name, &TypeDenotation::name);
        if (type == type_denotations.end()) {
            return std::nullopt;
        }
        node.resolution = Resolution::constant;
        node.value = Value(TypeName{type->value});
        return ValueType{.kind = TypeKind::type};
    }

    std::vector<std::string_view> known_names() const {
        std::vector<std::string_view> names;
        for (const MacroVariable& local : locals_) {
            names.push_back(local.name);
        }
        for (const Scope::Name& name : scope_.names()) {
            names.push_back(name.name);
        }
        return names;
    }

    /// `a.b.c` of a chain that begins with a name that is no macro's variable.
    std::optional<std::string> dotted(const SyntaxNode& node) const {
        if (node.kind == SyntaxKind::name) {
            return local_of(node) ? std::nullopt : std::optional(node.name);
        }
        if (node.kind != SyntaxKind::select) {
            return std::nullopt;
        }
        auto operand = dotted(tree_.nodes[node.children[0]]);
        return operand ? std::optional(*operand + "." + node.name) : std::nullopt;
    }

    ValueType check_select(SyntaxIndex index, PathUse use) {
        SyntaxNode& node = tree_.nodes[index];
        if (node.kind == SyntaxKind::select) {
            // A qualified name: `google.protobuf.Duration`, or a variable with dots.
            const auto name = dotted(node);
            if (auto type = name ? resolve(node, *name, use) : std::nullopt) {
                node.kind = SyntaxKind::name;
                return *std::move(type);
            }
        }
        if (use == PathUse::whole) {
            remember_path(index);
        }
        const ValueType operand = check(node.children[0], PathUse::extended);
        const ValueType member = member_type(node, operand);
        return node.kind == SyntaxKind::has ? ValueType{.kind = TypeKind::boolean} : member;
    }

    ValueType member_type(SyntaxNode& node, const ValueType& operand) {
        if (operand.closed) {
            const auto found = std::ranges::find(operand.members, node.name,
                                                 &std::pair<std::string, ValueType>::first);
            if (found != operand.members.end()) {
                node.null_when_absent = found->second.nullable;
                return found->second;
            }
            report(node, "unknown-name", unknown_member(node, operand));
            return {};
        }
        if (operand.kind != TypeKind::map && operand.kind != TypeKind::dyn) {
            mismatch(node, fmt::format("A value of type {} has no field \"{}\".",
                                       to_string(operand), node.name));
            return {};
        }
        if (!operand.element) {
            return {};
        }
        node.null_when_absent = operand.element->nullable;
        return *operand.element;
    }

    std::string unknown_member(const SyntaxNode& node, const ValueType& operand) const {
        std::vector<std::string_view> names;
        for (const auto& member : operand.members) {
            names.push_back(member.first);
        }
        const auto owner = path_of(node.children[0]);
        return ended(fmt::format("There is no field \"{}\"{}{}", node.name, owner ? " in " : "",
                                 owner.value_or("")),
                     nearest(node.name, names));
    }

    // Paths

    std::optional<std::string> path_of(SyntaxIndex index) const {
        const SyntaxNode& node = tree_.nodes[index];
        if (node.kind == SyntaxKind::select || node.kind == SyntaxKind::has) {
            auto operand = path_of(node.children[0]);
            const bool ends_here = !operand || operand->ends_with(')');  // a call is read whole
            return ends_here ? operand : std::optional(*operand + "." + node.name);
        }
        if (node.kind == SyntaxKind::call) {
            return call_text(node);
        }
        return dotted(node);
    }

    /// `last('approve')`, for the functions that read the instance.
    std::optional<std::string> call_text(const SyntaxNode& node) const {
        const bool reads = node.name == "last" || node.name == "In" || node.name == "entered";
        if (!reads || node.children.size() != 1) {
            return std::nullopt;
        }
        const auto* name = tree_.nodes[node.children[0]].value.text();
        return name ? std::optional(fmt::format("{}('{}')", node.name, *name)) : std::nullopt;
    }

    void remember_path(SyntaxIndex index) {
        if (auto path = path_of(index)) {
            remember(*std::move(path));
        }
    }
    void remember(std::string path) {
        if (std::ranges::find(reads_, path) == reads_.end()) {
            reads_.push_back(std::move(path));
        }
    }

    // Functions

    static FunctionStyle style_of(const SyntaxNode& node) {
        if (node.kind == SyntaxKind::method) {
            return FunctionStyle::method;
        }
        const char first = node.name.front();
        const bool word =
            (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
        if (word && node.name != "in") {
            return FunctionStyle::global;
        }
        return node.children.size() == 1 ? FunctionStyle::prefix : FunctionStyle::infix;
    }

    ValueType check_call(SyntaxIndex index, PathUse use) {
        if (use == PathUse::whole && tree_.nodes[index].kind == SyntaxKind::call) {
            remember_path(index);
        }
        std::vector<ValueType> arguments;
        for (const SyntaxIndex child : tree_.nodes[index].children) {
            arguments.push_back(check(child));
        }
        SyntaxNode& node = tree_.nodes[index];
        const FunctionStyle style = style_of(node);
        node.function = find_function(node.name, style, arguments.size());
        if (!node.function || (node.function->workflow && !scope_.has_workflow_functions())) {
            return unknown_function(node, style);
        }
        check_constant(node);
        if (auto result = result_type(*node.function, arguments)) {
            return *std::move(result);
        }
        mismatch(node, mismatch_text(*node.function, arguments));
        return {};
    }

    ValueType unknown_function(SyntaxNode& node, FunctionStyle style) {
        const bool known = is_function(node.name, style) && !node.function;
        if (known) {
            return refuse(node, "wrong-arguments",
                          fmt::format("{}() does not take {} argument{}.", node.name,
                                      argument_count(node), argument_count(node) == 1 ? "" : "s"));
        }
        const auto names = function_names(style, scope_.has_workflow_functions());
        return refuse(node, "unknown-function",
                      ended(fmt::format("There is no function {}{}()",
                                        style == FunctionStyle::method ? "." : "", node.name),
                            nearest(node.name, names)));
    }

    static std::size_t argument_count(const SyntaxNode& node) {
        return node.children.size() - (node.kind == SyntaxKind::method ? 1 : 0);
    }

    /// A state or event named by a literal can be looked up at once.
    void check_constant(const SyntaxNode& node) {
        if (node.name != "In" && node.name != "entered" && node.name != "last") {
            return;
        }
        const SyntaxNode& argument = tree_.nodes[node.children[0]];
        const auto* name = argument.value.text();
        if (name == nullptr) {
            return;
        }
        if (node.name == "last") {
            asked_events_.push_back({.offset = argument.offset, .name = std::string(*name)});
            return;
        }
        const auto& known = scope_.state_ids();
        if (std::ranges::find(known, *name) == known.end()) {
            report(argument, "unknown-state",
                   ended(fmt::format("There is no state \"{}\"", name->substr(0, 128)),
                         nearest(*name, known)));
        }
    }

    static std::string mismatch_text(const FunctionInfo& function,
                                     std::span<const ValueType> arguments) {
        if (function.name == "[]") {
            return fmt::format("{} cannot be indexed with {}.", to_string(arguments[0]),
                               to_string(arguments[1]));
        }
        if (function.style == FunctionStyle::infix) {
            return fmt::format("\"{}\" does not join {} and {}.", function.name,
                               to_string(arguments[0]), to_string(arguments[1]));
        }
        std::string types;
        for (const ValueType& type : arguments) {
            types += (types.empty() ? "" : ", ") + to_string(type);
        }
        return function.style == FunctionStyle::prefix
                   ? fmt::format("\"{}\" does not apply to {}.", function.name, types)
                   : fmt::format("{}() does not take ({}).", function.name, types);
    }

    // Structure

    void expect_truth(SyntaxIndex index, std::string_view what) {
        const ValueType type = check(index);
        if (type.kind != TypeKind::boolean && type.kind != TypeKind::dyn) {
            mismatch(tree_.nodes[index],
                     fmt::format("{} is a bool; this is {}.", what, to_string(type)));
        }
    }

    ValueType check_logic(const SyntaxNode& node) {
        for (const SyntaxIndex child : node.children) {
            expect_truth(child, fmt::format("An operand of \"{}\"", node.name));
        }
        return ValueType{.kind = TypeKind::boolean};
    }

    ValueType check_conditional(const SyntaxNode& node) {
        expect_truth(node.children[0], "The condition of \"?:\"");
        const ValueType yes = check(node.children[1]);
        return common_type(yes, check(node.children[2]));
    }

    ValueType check_list(const SyntaxNode& node) {
        ValueType list{.kind = TypeKind::list};
        std::optional<ValueType> element;
        for (const SyntaxIndex child : node.children) {
            const ValueType type = check(child);
            element = element ? common_type(*element, type) : type;
        }
        if (element && element->kind != TypeKind::dyn) {
            list.element = std::make_shared<const ValueType>(*std::move(element));
        }
        return list;
    }

    ValueType check_map(const SyntaxNode& node) {
        for (const SyntaxIndex child : node.children) {
            check(child);
        }
        return ValueType{.kind = TypeKind::map};
    }

    ValueType check_macro(SyntaxNode& node) {
        const ValueType range = check(node.children[0]);
        if (range.kind != TypeKind::list && range.kind != TypeKind::map &&
            range.kind != TypeKind::dyn) {
            mismatch(node, fmt::format("A macro walks through a list or a map, not {}.",
                                       to_string(range)));
        }
        node.slot = locals_.size();
        locals_.push_back({.name = node.name, .type = item_type(range)});
        ValueType result{.kind = TypeKind::boolean};
        const bool transforms = node.kind == SyntaxKind::transform;
        if (!transforms || node.children.size() == 3) {
            expect_truth(node.children[1], "The condition of a macro");
        }
        if (transforms) {
            ValueType element = check(node.children.back());
            result = ValueType{.kind = TypeKind::list,
                               .element = std::make_shared<const ValueType>(std::move(element))};
        }
        locals_.pop_back();
        if (node.kind == SyntaxKind::filter) {
            result = ValueType{.kind = TypeKind::list,
                               .element = std::make_shared<const ValueType>(item_type(range))};
        }
        return result;
    }

    SyntaxTree& tree_;
    const Scope& scope_;
    std::vector<MacroVariable> locals_;
    std::vector<ExpressionFinding> findings_;
    std::vector<std::string> reads_;
    std::vector<AskedEvent> asked_events_;
};

}  // namespace

CheckedTree check_expression(SyntaxTree& tree, const Scope& scope) {
    return ExpressionChecker(tree, scope).run();
}

}  // namespace sillage
