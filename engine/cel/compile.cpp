#include "engine/cel/compile.hpp"

#include "engine/cel/detail/build_program.hpp"
#include "engine/cel/detail/checker.hpp"
#include "engine/cel/detail/parser.hpp"

namespace sillage {

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
    compiled.asked_events = std::move(checked.asked_events);
    compiled.expression.reads = std::move(checked.reads);
    if (!compiled.findings.empty()) {
        return compiled;
    }
    auto program = build_program(tree.value(), compiled.findings, scope.is_open());
    if (compiled.findings.empty()) {
        compiled.expression.program = std::move(program);
    }
    return compiled;
}

}  // namespace sillage
