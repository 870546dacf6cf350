#include "engine/cel/detail/build_program.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "engine/base/assert.hpp"
#include "engine/cel/detail/patterns.hpp"
#include "engine/cel/detail/program.hpp"

namespace sillage {
namespace {

/// What folding one constant may cost, so that reading a file stays cheap and programs small.
constexpr EvaluationBudget folding_budget{.steps = 1'000, .bytes = 4'096};

/// Instructions that a pattern may have to be kept: a file full of `a{1000}` would hold gigabytes
/// otherwise. Larger ones are compiled when they run, within the budget.
std::size_t kept_pattern_size(std::string_view pattern) { return 200 + 16 * pattern.size(); }

/// Paths among which one is looked for that was read before. Chosen: expressions read a dozen; a
/// hostile one of thousands shall not take quadratic time.
constexpr std::size_t remembered_paths_max = 64;

/// The instruction of a function that has one of its own.
ProgramOp op_of(FunctionBody body) {
    constexpr std::pair<FunctionBody, ProgramOp> quick[] = {
        {cel_equal, ProgramOp::equal},       {cel_not_equal, ProgramOp::not_equal},
        {cel_less, ProgramOp::less},         {cel_less_equal, ProgramOp::less_equal},
        {cel_greater, ProgramOp::greater},   {cel_greater_equal, ProgramOp::greater_equal},
        {cel_add, ProgramOp::add},           {cel_subtract, ProgramOp::subtract},
        {cel_multiply, ProgramOp::multiply}, {cel_not, ProgramOp::invert},
    };
    const auto found = std::ranges::find(quick, body, &std::pair<FunctionBody, ProgramOp>::first);
    return found == std::end(quick) ? ProgramOp::call : found->second;
}

Joiner joiner_of(SyntaxKind kind) {
    return kind == SyntaxKind::all_of   ? Joiner::all_of
           : kind == SyntaxKind::any_of ? Joiner::any_of
           : kind == SyntaxKind::all    ? Joiner::all
                                        : Joiner::exists;
}

template <class Item>
std::uint32_t append(std::vector<Item>& items, Item item) {
    items.push_back(std::move(item));
    return static_cast<std::uint32_t>(items.size() - 1);
}

/// Where a part's value stands once its instructions have run.
struct Operand {
    /// A register, or a constant.
    std::uint32_t where = 0;
    /// Nodes of the tree that no instruction stands for: whoever uses the operand charges them.
    std::uint32_t steps = 0;

    bool is_constant() const { return (where & constant_operand) != 0; }
};

/// Emits a node's instructions after those of its operands. Each part gets a register for what it
/// makes; variables, macro items and constants stay where they are.
class ProgramBuilder {
  public:
    ProgramBuilder(const SyntaxTree& tree, std::vector<ExpressionFinding>& findings, bool open)
        : tree_(tree), findings_(findings), open_(open) {}

    std::shared_ptr<const Program> run() {
        const auto variables = std::ranges::count_if(tree_.nodes, [](const SyntaxNode& node) {
            return node.resolution == Resolution::slot;
        });
        next_register_ = static_cast<std::uint32_t>(variables);
        program_.register_count = next_register_;
        const Operand result = emit(tree_.root, new_register());
        put({.op = ProgramOp::end, .left = result.where}, result.steps);
        return std::make_shared<const Program>(std::move(program_));
    }

  private:
    std::uint32_t new_register() {
        program_.register_count = std::max(program_.register_count, next_register_ + 1);
        return next_register_++;
    }

    /// A register for what a part makes, if it makes anything.
    std::uint32_t room_for(SyntaxIndex part) {
        const SyntaxNode& node = tree_.nodes[part];
        const bool stays = node.kind == SyntaxKind::literal || node.kind == SyntaxKind::name;
        return stays && node.failure.empty() ? 0 : new_register();
    }

    /// Adds an instruction that stands for so many nodes.
    std::uint32_t put(Instruction instruction, std::uint32_t steps) {
        instruction.steps = static_cast<std::uint16_t>(steps);
        return append(program_.code, instruction);
    }

    std::uint32_t here() const { return static_cast<std::uint32_t>(program_.code.size()); }

    /// Emits a part that may use `target` for its value. Registers it needs on the way are free
    /// again afterwards.
    Operand emit(SyntaxIndex index, std::uint32_t target) {
        const std::uint32_t first_free = next_register_;
        const Operand result = emit_node(tree_.nodes[index], target);
        next_register_ = first_free;
        return result;
    }

    Operand emit_node(const SyntaxNode& node, std::uint32_t target) {
        if (!node.failure.empty()) {
            put({.op = ProgramOp::fail, .left = append(program_.names, node.failure)}, 1);
            return {target};
        }
        switch (node.kind) {
            case SyntaxKind::literal:
            case SyntaxKind::name:
                return emit_leaf(node);
            case SyntaxKind::select:
            case SyntaxKind::has:
                return emit_select(node, target);
            case SyntaxKind::index:
            case SyntaxKind::call:
            case SyntaxKind::method:
                return emit_call(node, target);
            case SyntaxKind::all_of:
            case SyntaxKind::any_of:
                return emit_join(node, target);
            case SyntaxKind::conditional:
                return emit_conditional(node, target);
            case SyntaxKind::list:
                return emit_list(node, target);
            case SyntaxKind::map:
                return emit_map(node, target);
            case SyntaxKind::all:
            case SyntaxKind::exists:
                return emit_quantifier(node, target);
            case SyntaxKind::exists_one:
                return emit_count(node, target);
            case SyntaxKind::filter:
            case SyntaxKind::transform:
                return emit_collection(node, target);
        }
        return {target};
    }

    /// Emits a part whose value must stand in that register.
    Operand place(SyntaxIndex index, std::uint32_t target) {
        const Operand made = emit(index, target);
        if (made.where != target) {
            put({.op = ProgramOp::copy, .target = target, .left = made.where}, made.steps);
        }
        return made;
    }

    // Leaves and paths

    Operand constant(Value value) {
        return {constant_operand | append(program_.constants, std::move(value)), 1};
    }

    Operand emit_leaf(const SyntaxNode& node) {
        switch (node.resolution) {
            case Resolution::local:
                return {items_[node.slot], 1};
            case Resolution::slot:
                return emit_load({.slot = node.slot});
            case Resolution::none:
            case Resolution::constant:
                return constant(node.value);
        }
        return {};
    }

    Operand emit_load(VariablePath path) {
        const auto steps = static_cast<std::uint32_t>(path.steps.size() + 1);
        const auto recent =
            std::span(program_.paths).last(std::min(program_.paths.size(), remembered_paths_max));
        const auto known = std::ranges::find(recent, path);
        const auto at = known == recent.end()
                            ? append(program_.paths, std::move(path))
                            : static_cast<std::uint32_t>(&*known - program_.paths.data());
        put({.op = ProgramOp::load, .target = at, .left = at}, steps);
        return {at};
    }

    /// The path that a selection is, when it begins with a variable.
    std::optional<VariablePath> path_of(const SyntaxNode& selection) const {
        VariablePath path{.presence = selection.kind == SyntaxKind::has};
        const SyntaxNode* node = &selection;
        while ((node->kind == SyntaxKind::select || node == &selection) && node->failure.empty()) {
            path.steps.push_back({.name = node->name, .null_when_absent = node->null_when_absent});
            node = &tree_.nodes[node->children[0]];
        }
        if (node->kind != SyntaxKind::name || node->resolution != Resolution::slot ||
            !node->failure.empty()) {
            return std::nullopt;
        }
        std::ranges::reverse(path.steps);
        path.slot = node->slot;
        return path;
    }

    Operand emit_select(const SyntaxNode& node, std::uint32_t target) {
        if (auto path = path_of(node)) {
            return emit_load(*std::move(path));
        }
        const Operand operand = emit(node.children[0], target);
        put({.op = node.kind == SyntaxKind::has ? ProgramOp::has : ProgramOp::select,
             .flag = node.null_when_absent,
             .target = target,
             .left = operand.where,
             .right = append(program_.names, node.name)},
            1 + operand.steps);
        return {target};
    }

    // Functions

    Operand emit_call(const SyntaxNode& node, std::uint32_t target) {
        const std::uint32_t start = here();
        const ProgramOp op = op_of(node.function->body);
        const bool constants =
            op == ProgramOp::call ? emit_function(node, target) : emit_operator(node, op, target);
        return constants && node.function->pure ? fold(start, target) : Operand{target};
    }

    /// True when all arguments are constants.
    bool emit_function(const SyntaxNode& node, std::uint32_t target) {
        const std::uint32_t first = next_register_;
        bool constants = true;
        for (const SyntaxIndex child : node.children) {
            constants = place(child, new_register()).is_constant() && constants;
        }
        const bool matches = node.function->body == cel_matches;
        put({.op = ProgramOp::call,
             .target = target,
             .left = first,
             .right = static_cast<std::uint32_t>(node.children.size()),
             .extra = matches ? literal_pattern(node) : 0,
             .function = node.function},
            1);
        return constants;
    }

    bool emit_operator(const SyntaxNode& node, ProgramOp op, std::uint32_t target) {
        const Operand left = emit(node.children[0], target);
        const Operand right = op == ProgramOp::invert
                                  ? Operand{left.where}
                                  : emit(node.children[1], room_for(node.children[1]));
        put({.op = op,
             .target = target,
             .left = left.where,
             .right = right.where,
             .function = node.function},
            1 + left.steps + right.steps);
        return left.is_constant() && right.is_constant();
    }

    /// 1 + the index of the pattern, or 0 when it is no literal, much larger compiled than written,
    /// or no regular expression; in an open scope that is said when it runs.
    std::uint32_t literal_pattern(const SyntaxNode& node) {
        const SyntaxNode& argument = tree_.nodes[node.children[1]];
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

    /// Replaces the instructions from `start`, which make a value of constants, by that value; an
    /// error is left to evaluation, where something around it may absorb it.
    Operand fold(std::uint32_t start, std::uint32_t target) {
        const Environment none;
        Evaluation evaluation{.environment = none, .meter = CostMeter(folding_budget)};
        put({.op = ProgramOp::end, .left = target}, 0);
        const bool is_value = run_program(program_, start, evaluation);
        program_.code.pop_back();
        if (!is_value) {
            return {target};
        }
        program_.code.resize(start);
        return constant(owned(std::move(evaluation.value)));
    }

    // `&&`, `||`, `?:`

    Operand emit_join(const SyntaxNode& node, std::uint32_t target) {
        put({.op = ProgramOp::join_begin, .target = target}, 1);
        std::vector<std::uint32_t> exits;
        for (const SyntaxIndex child : node.children) {
            exits.push_back(emit_joined(child, joiner_of(node.kind), target));
        }
        end_join(joiner_of(node.kind), target);
        for (const std::uint32_t exit : exits) {
            program_.code[exit].right = here();
        }
        return {target};
    }

    /// One truth of a join; its instruction, whose jump is still to be set.
    std::uint32_t emit_joined(SyntaxIndex truth, Joiner joiner, std::uint32_t target) {
        const std::uint32_t first = here();
        const Operand operand = emit(truth, new_register());
        const std::uint32_t join = put({.op = ProgramOp::join,
                                        .target = target,
                                        .left = operand.where,
                                        .extra = static_cast<std::uint32_t>(joiner)},
                                       operand.steps);
        if (first != join) {
            program_.handlers.push_back({.first = first, .join = join});
        }
        return join;
    }

    void end_join(Joiner joiner, std::uint32_t target) {
        put({.op = ProgramOp::join_end,
             .target = target,
             .extra = static_cast<std::uint32_t>(joiner)},
            0);
    }

    Operand emit_conditional(const SyntaxNode& node, std::uint32_t target) {
        const Operand condition = emit(node.children[0], target);
        const std::uint32_t choice =
            put({.op = ProgramOp::choose, .left = condition.where}, 1 + condition.steps);
        place(node.children[1], target);
        const std::uint32_t jump = put({.op = ProgramOp::jump}, 0);
        program_.code[choice].right = here();
        place(node.children[2], target);
        program_.code[jump].right = here();
        return {target};
    }

    // Lists and maps

    Operand emit_list(const SyntaxNode& node, std::uint32_t target) {
        const std::uint32_t start = here();
        const std::uint32_t list = begin_list(static_cast<std::uint32_t>(node.children.size()));
        bool constants = true;
        for (const SyntaxIndex child : node.children) {
            const Operand item = emit(child, target);
            put({.op = ProgramOp::list_add, .left = item.where, .extra = list}, item.steps);
            constants = constants && item.is_constant();
        }
        end_list(list, target);
        return constants ? fold(start, target) : Operand{target};
    }

    std::uint32_t begin_list(std::uint32_t items) {
        const std::uint32_t list = lists_++;
        program_.list_count = std::max(program_.list_count, lists_);
        put({.op = ProgramOp::list_begin, .right = items, .extra = list}, 1);
        return list;
    }

    void end_list(std::uint32_t list, std::uint32_t target) {
        put({.op = ProgramOp::list_end, .target = target, .extra = list}, 0);
        --lists_;
    }

    Operand emit_map(const SyntaxNode& node, std::uint32_t target) {
        const std::uint32_t start = here();
        const std::uint32_t map = maps_++;
        program_.map_count = std::max(program_.map_count, maps_);
        put({.op = ProgramOp::map_begin,
             .right = static_cast<std::uint32_t>(node.children.size()),
             .extra = map},
            1);
        bool constants = true;
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            const ProgramOp op = i % 2 == 0 ? ProgramOp::map_key : ProgramOp::map_value;
            const Operand part = emit(node.children[i], target);
            put({.op = op, .left = part.where, .extra = map}, part.steps);
            constants = constants && part.is_constant();
        }
        put({.op = ProgramOp::map_end, .target = target, .extra = map}, 0);
        --maps_;
        return constants ? fold(start, target) : Operand{target};
    }

    // Macros

    struct Loop {
        std::uint32_t next = 0;  ///< its instruction, whose jump is still to be set
    };

    /// From here to end_loop() the macro's body; `range` is charged by what begins the macro.
    Loop begin_loop(Operand range) {
        const std::uint32_t counter = new_register();
        items_.push_back(new_register());
        put({.op = ProgramOp::loop_begin, .target = counter, .left = range.where}, 0);
        return {put({.op = ProgramOp::loop_next, .target = counter, .left = range.where}, 0)};
    }

    void end_loop(Loop loop) {
        put({.op = ProgramOp::jump, .right = loop.next}, 0);
        program_.code[loop.next].right = here();
        items_.pop_back();
    }

    Operand emit_quantifier(const SyntaxNode& node, std::uint32_t target) {
        const Joiner joiner = joiner_of(node.kind);
        const Operand range = emit(node.children[0], new_register());
        put({.op = ProgramOp::join_begin, .target = target}, 1 + range.steps);
        const Loop loop = begin_loop(range);
        const std::uint32_t join = emit_joined(node.children[1], joiner, target);
        end_loop(loop);
        end_join(joiner, target);
        program_.code[join].right = here();
        return {target};
    }

    Operand emit_count(const SyntaxNode& node, std::uint32_t target) {
        const Operand range = emit(node.children[0], new_register());
        const Operand zero = constant(Value(std::int64_t{0}));
        put({.op = ProgramOp::copy, .target = target, .left = zero.where}, 1 + range.steps);
        const Loop loop = begin_loop(range);
        const Operand truth = emit(node.children[1], new_register());
        put({.op = ProgramOp::count, .target = target, .left = truth.where}, truth.steps);
        end_loop(loop);
        put({.op = ProgramOp::is_one, .target = target}, 0);
        return {target};
    }

    /// filter() and map().
    Operand emit_collection(const SyntaxNode& node, std::uint32_t target) {
        const bool maps = node.kind == SyntaxKind::transform;
        const Operand range = emit(node.children[0], new_register());
        const std::uint32_t list = begin_list(0);
        program_.code.back().steps += static_cast<std::uint16_t>(range.steps);
        const Loop loop = begin_loop(range);
        if (!maps || node.children.size() == 3) {
            const Operand truth = emit(node.children[1], new_register());
            put({.op = ProgramOp::skip_unless, .left = truth.where, .right = loop.next},
                truth.steps);
        }
        const Operand item =
            maps ? emit(node.children.back(), new_register()) : Operand{items_.back()};
        put({.op = ProgramOp::list_add, .flag = true, .left = item.where, .extra = list},
            item.steps);
        end_loop(loop);
        end_list(list, target);
        return {target};
    }

    const SyntaxTree& tree_;
    std::vector<ExpressionFinding>& findings_;
    bool open_;
    Program program_;
    std::uint32_t next_register_ = 0;
    /// Being made where we are.
    std::uint32_t lists_ = 0;
    std::uint32_t maps_ = 0;
    /// The registers of the macros' variables, by depth.
    std::vector<std::uint32_t> items_;
};

}  // namespace

std::shared_ptr<const Program> build_program(const SyntaxTree& tree,
                                             std::vector<ExpressionFinding>& findings, bool open) {
    return ProgramBuilder(tree, findings, open).run();
}

}  // namespace sillage
