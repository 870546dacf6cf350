#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/cel/type.hpp"
#include "engine/model/definition.hpp"

namespace sillage {

/// Slots of the names that every expression of a definition may use (language.md, section 6).
/// The last four are SCXML's system variables, in documents of that dialect only.
enum class Builtin : std::size_t {
    event,
    actor,
    company,
    cohort,
    now,
    scxml_event,
    scxml_name,
    scxml_session,
    scxml_processors
};
inline constexpr std::size_t builtin_count = 9;

/// The names an expression may use, with types. Slot numbers: the builtins, then the context's
/// fields in their order, then loop variables.
class Scope {
  public:
    /// Without any name, and open: what `sillage eval` starts from. In an open scope only syntax is
    /// checked; unknown names and functions, and operands of wrong types, fail when evaluated, so
    /// that `&&`, `||` and `?:` may absorb or skip them, as CEL does without a checker.
    Scope() = default;
    /// Builtins and fields. `state_ids` are what `In()` and `entered()` may name.
    Scope(const std::vector<Field>& context, std::vector<std::string> state_ids,
          Dialect dialect = Dialect::workflow);

    /// Declares a name, hiding an outer one; its slot.
    std::size_t declare(std::string name, ValueType type);
    /// Takes back the last declared name: a loop's body ends. Its slot is not used again.
    void forget_last();
    /// The type of `event.data` from here on: that of a form's fields, or dyn.
    void set_event_data(ValueType type);

    struct Name {
        std::string name = {};
        ValueType type = {};
        std::size_t slot = 0;
    };
    [[nodiscard]] const Name* find(std::string_view name) const;
    [[nodiscard]] const std::vector<Name>& names() const { return names_; }
    [[nodiscard]] const std::vector<std::string>& state_ids() const { return state_ids_; }
    /// Slots handed out so far: Definition::slot_count once the file is read.
    [[nodiscard]] std::size_t slot_count() const { return slot_count_; }
    /// The functions of an instance, `In last entered`, are known.
    [[nodiscard]] bool has_workflow_functions() const { return workflow_; }
    /// Names and types are not checked before an expression runs.
    [[nodiscard]] bool is_open() const { return !workflow_; }

  private:
    std::vector<Name> names_;
    std::vector<std::string> state_ids_;
    std::size_t slot_count_ = 0;
    bool workflow_ = false;
};

/// Words that no field, role or loop variable may be called: CEL's keywords and reserved words,
/// the names that language.md, section 6, has in scope. Those of types, macros and CEL's own
/// functions stay free: `size` and `list` are good names of fields, and a call is told from a name
/// by its parenthesis. Sorted.
[[nodiscard]] const std::vector<std::string>& reserved_names();

}  // namespace sillage
