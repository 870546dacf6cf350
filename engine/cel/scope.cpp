#include "engine/cel/scope.hpp"

#include <algorithm>
#include <ranges>

#include "engine/base/assert.hpp"
#include "engine/cel/subject.hpp"

namespace sillage {
namespace {

constexpr std::size_t slot_of(Builtin builtin) { return static_cast<std::size_t>(builtin); }

ValueType event_type() {
    return ValueType{.kind = TypeKind::map,
                     .members = {{"name", {.kind = TypeKind::text}},
                                 {"data", {}},
                                 {"at", {.kind = TypeKind::timestamp}},
                                 {"by", {.kind = TypeKind::text, .nullable = true}}},
                     .closed = true};
}

ValueType actor_type() {
    const auto text = std::make_shared<const ValueType>(ValueType{.kind = TypeKind::text});
    return ValueType{.kind = TypeKind::map,
                     .members = {{"id", {.kind = TypeKind::text}},
                                 {"roles", {.kind = TypeKind::list, .element = text}}},
                     .closed = true};
}

}  // namespace

Scope::Scope(const std::vector<Field>& context, std::vector<std::string> state_ids, Dialect dialect)
    : state_ids_(std::move(state_ids)), workflow_(true) {
    // In the order of Builtin.
    declare("event", event_type());
    declare("actor", actor_type());
    declare("company", company_type());
    declare("cohort", cohort_type());
    declare("now", ValueType{.kind = TypeKind::timestamp});
    if (dialect == Dialect::scxml) {
        declare("_event", ValueType{});
        declare("_name", ValueType{.kind = TypeKind::text});
        declare("_sessionid", ValueType{.kind = TypeKind::text});
        declare("_ioprocessors", ValueType{.kind = TypeKind::map});
    }
    slot_count_ = builtin_count;
    for (const Field& field : context) {
        declare(field.name, type_of(field.schema));
    }
}

std::size_t Scope::declare(std::string name, ValueType type) {
    names_.push_back({.name = std::move(name), .type = std::move(type), .slot = slot_count_});
    return slot_count_++;
}

void Scope::forget_last() {
    SILLAGE_ASSERT(!names_.empty());
    names_.pop_back();
}

void Scope::set_event_data(ValueType type) {
    SILLAGE_ASSERT(workflow_);
    for (auto& [name, member] : names_[slot_of(Builtin::event)].type.members) {
        if (name == "data") {
            member = std::move(type);
            return;
        }
    }
}

const Scope::Name* Scope::find(std::string_view name) const {
    const auto inner_first = std::views::reverse(names_);
    const auto found = std::ranges::find(inner_first, name, &Name::name);
    return found == inner_first.end() ? nullptr : &*found;
}

const std::vector<std::string>& reserved_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all = {
            // CEL's keywords and reserved words
            "false", "in", "null", "true", "as", "break", "const", "continue", "else", "for",
            "function", "if", "import", "let", "loop", "package", "namespace", "return", "var",
            "void", "while",
            // in scope everywhere
            "event", "actor", "company", "cohort", "now",
            // functions
            "In", "last", "entered", "sum", "avg", "min", "max", "add", "days", "working_days"};
        std::ranges::sort(all);
        return all;
    }();
    return names;
}

}  // namespace sillage
