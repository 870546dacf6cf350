#include "engine/cel/detail/variables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/cel/detail/operators.hpp"

namespace sillage {

Result<const Value*> find_member(CostMeter& meter, const Value& operand,
                                 const WantedMember& wanted) {
    static const Value none;
    static const Value present(true);
    static const Value absent(false);
    const ValueEntries* map = operand.entries();
    if (!map) {
        return evaluation_error(
            fmt::format("no such overload: field {} of {}", wanted.name, type_name(operand)));
    }
    const Value* found = find_entry(meter, *map, std::string_view(wanted.name));
    if (meter.exhausted()) {
        return budget_error();
    }
    if (wanted.presence) {
        return found ? &present : &absent;
    }
    if (!found && !wanted.null_when_absent) {
        return evaluation_error("no such key: " + wanted.name);
    }
    return found ? found : &none;
}

Result<Value> Variables::read(const VariablePath& path) {
    SILLAGE_TRY(const auto variable, whole(path.slot));
    const Value* found = &variable;
    for (const PathStep& step : path.steps) {
        const bool asks = path.presence && &step == &path.steps.back();
        SILLAGE_TRY(found, find_member(meter_, *found, {step.name, step.null_when_absent, asks}));
    }
    return *found;
}

Result<Value> Variables::whole(std::size_t slot) {
    const auto known = std::ranges::find(known_, slot, &Known::slot);
    if (known != known_.end()) {
        return known->value;
    }
    if (!environment_.variable) {
        return evaluation_error("this expression may read no variables here");
    }
    SILLAGE_TRY(auto value, environment_.variable(environment_.host, slot));
    return known_.emplace_back(slot, std::move(value)).value;
}

}  // namespace sillage
