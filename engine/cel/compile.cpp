#include "engine/cel/compile.hpp"

#include <algorithm>

#include "engine/cel/detail/checker.hpp"
#include "engine/cel/detail/parser.hpp"
#include "engine/cel/detail/patterns.hpp"
#include "engine/cel/detail/program.hpp"

namespace sillage {
namespace {

/// What folding one constant may cost, so that reading a file stays cheap and programs small.
constexpr EvaluationBudget folding_budget{.steps = 1'000, .bytes = 4'096};

/// Instructions that a pattern may have to be kept: a file full of `a{1000}` would hold gigabytes
/// otherwise. Larger ones are compiled when they run, within the budget.
std::size_t kept_pattern_size(std::string_view pattern) { return 200 + 16 * pattern.size(); }

ProgramOp op_of(SyntaxKind kind) {
    switch (kind) {
        case SyntaxKind::literal:
        case SyntaxKind::name:
            return ProgramOp::constant;
        case SyntaxKind::select:
            return ProgramOp::select;
        case SyntaxKind::has:
            return ProgramOp::has;
        case SyntaxKind::index:
        case SyntaxKind::call:
        case SyntaxKind::method:
            return ProgramOp::call;
        case SyntaxKind::all_of:
            return ProgramOp::all_of;
        case SyntaxKind::any_of:
            return ProgramOp::any_of;
        case SyntaxKind::conditional:
            return ProgramOp::conditional;
        case SyntaxKind::list:
            return ProgramOp::list;
        case SyntaxKind::map:
            return ProgramOp::map;
        case SyntaxKind::all:
            return ProgramOp::all;
        case SyntaxKind::exists:
            return ProgramOp::exists;
        case SyntaxKind::exists_one:
            return ProgramOp::exists_one;
        case SyntaxKind::filter:
            return ProgramOp::filter;
        case SyntaxKind::transform:
            return ProgramOp::transform;
    }
    return ProgramOp::fail;
}

bool binds_variable(ProgramOp op) {
    return op == ProgramOp::all || op == ProgramOp::exists || op == ProgramOp::exists_one ||
           op == ProgramOp::filter || op == ProgramOp::transform;
}

template <class Item>
std::uint32_t append(std::vector<Item>& items, Item item) {
    items.push_back(std::move(item));
    return static_cast<std::uint32_t>(items.size() - 1);
}

/// Turns a checked tree into a program: operands before operators, constants folded.
class ProgramBuilder {
  public:
    ProgramBuilder(const SyntaxTree& tree, std::vector<ExpressionFinding>& findings, bool open)
        : tree_(tree), findings_(findings), open_(open) {}

    std::shared_ptr<const Program> run() {
        program_.root = emit(tree_.root);
        return std::make_shared<const Program>(std::move(program_));
    }

  private:
    std::uint32_t emit(SyntaxIndex index) {
        const SyntaxNode& syntax = tree_.nodes[index];
        if (!syntax.failure.empty()) {
            return emit_failure(syntax.failure);
        }
        if (syntax.kind == SyntaxKind::literal || syntax.kind == SyntaxKind::name) {
            return emit_leaf(syntax);
        }
        std::vector<std::uint32_t> operands;
        for (const SyntaxIndex child : syntax.children) {
            operands.push_back(emit(child));
        }
        ProgramNode node{.op = op_of(syntax.kind),
                         .null_when_absent = syntax.null_when_absent,
                         .first = static_cast<std::uint32_t>(program_.children.size()),
                         .count = static_cast<std::uint32_t>(operands.size()),
                         .function = syntax.function};
        program_.children.insert(program_.children.end(), operands.begin(), operands.end());
        if (node.op == ProgramOp::select || node.op == ProgramOp::has) {
            node.operand = append(program_.names, syntax.name);
        } else if (binds_variable(node.op)) {
            node.operand = static_cast<std::uint32_t>(syntax.slot);
            program_.local_count = std::max(program_.local_count, node.operand + 1);
        } else if (node.function && node.function->body == cel_matches) {
            node.operand = compile_literal_pattern(syntax);
        }
        const std::uint32_t made = append(program_.nodes, node);
        fold(made);
        return made;
    }

    std::uint32_t emit_failure(const std::string& message) {
        return append(program_.nodes, ProgramNode{.op = ProgramOp::fail,
                                                  .operand = append(program_.names, message)});
    }

    std::uint32_t emit_leaf(const SyntaxNode& syntax) {
        switch (syntax.resolution) {
            case Resolution::local:
                return append(program_.nodes,
                              ProgramNode{.op = ProgramOp::local,
                                          .operand = static_cast<std::uint32_t>(syntax.slot)});
            case Resolution::slot:
                return append(program_.nodes, ProgramNode{.op = ProgramOp::variable,
                                                          .operand = variable_index(syntax.slot)});
            case Resolution::none:
            case Resolution::constant:
                return append(program_.nodes,
                              ProgramNode{.operand = append(program_.constants, syntax.value)});
        }
        return 0;
    }

    std::uint32_t variable_index(std::size_t slot) {
        const auto known = std::ranges::find(program_.slots, slot);
        return known == program_.slots.end()
                   ? append(program_.slots, slot)
                   : static_cast<std::uint32_t>(known - program_.slots.begin());
    }

    /// 1 + the index of the pattern, or 0 when it is no literal, much larger compiled than written,
    /// or no regular expression; in an open scope that is said when it runs.
    std::uint32_t compile_literal_pattern(const SyntaxNode& syntax) {
        const SyntaxNode& argument = tree_.nodes[syntax.children[1]];
        const auto* text = argument.value.text();
        if (argument.kind != SyntaxKind::literal || !text) {
            return 0;
        }
        auto pattern = compile_cel_pattern(*text);
        if (pattern) {
            const auto size = static_cast<std::size_t>(pattern.value()->ProgramSize());
            const bool keep = size <= kept_pattern_size(*text);
            return keep ? 1 + append(program_.patterns, std::move(pattern).value()) : 0;
        }
        if (!open_) {
            findings_.push_back(ExpressionFinding{.offset = argument.offset,
                                                  .code = "bad-pattern",
                                                  .message = pattern.error().message});
        }
        return 0;
    }

    /// Replaces an operation on constants by its value; an error is left to evaluation, where
    /// something around it may absorb it.
    void fold(std::uint32_t index) {
        ProgramNode& node = program_.nodes[index];
        const bool foldable = node.op == ProgramOp::list || node.op == ProgramOp::map ||
                              (node.op == ProgramOp::call && node.function->pure);
        const auto operands = std::span(program_.children).subspan(node.first, node.count);
        if (!foldable || !std::ranges::all_of(operands, [&](std::uint32_t operand) {
                return program_.nodes[operand].op == ProgramOp::constant;
            })) {
            return;
        }
        CostMeter meter(folding_budget);
        auto value = run_program(program_, index, Environment{}, meter);
        if (value) {
            node = ProgramNode{.operand = append(program_.constants, std::move(value).value())};
        }
    }

    const SyntaxTree& tree_;
    std::vector<ExpressionFinding>& findings_;
    bool open_;
    Program program_;
};

}  // namespace

CompiledExpression compile_expression(std::string_view text, const Scope& scope, Place place) {
    CompiledExpression compiled;
    compiled.expression.text = std::string(text);
    compiled.expression.place = place;
    auto tree = parse_expression(text);
    if (!tree) {
        compiled.findings.push_back(std::move(tree).error());
        return compiled;
    }
    CheckedTree checked = check_expression(tree.value(), scope);
    compiled.type = std::move(checked.type);
    compiled.findings = std::move(checked.findings);
    compiled.expression.reads = std::move(checked.reads);
    if (!compiled.findings.empty()) {
        return compiled;
    }
    auto program = ProgramBuilder(tree.value(), compiled.findings, scope.is_open()).run();
    if (compiled.findings.empty()) {
        compiled.expression.program = std::move(program);
    }
    return compiled;
}

}  // namespace sillage
