#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/cel/scope.hpp"
#include "engine/model/definition.hpp"
#include "engine/model/event_name.hpp"
#include "engine/yaml/detail/node.hpp"
#include "engine/yaml/source.hpp"

namespace sillage {

/// A child that some state of the file starts.
struct InvokeName {
    std::string id = {};
    StateIndex state = root_state;
    /// The mapping it is read from.
    const Node* item = nullptr;
    /// It stands for a list of children, `ID.0`, `ID.1`, …
    bool each = false;
};

/// An event that `last('…')` names, and where.
struct NamedEvent {
    std::string name = {};
    Place place = {};
};

/// What the readers of one file share. Each reads on after an error, so that all are found.
struct Reading {
    const SourceText& source;
    Findings& findings;
    Definition definition = {};
    /// Names that expressions may use; complete once roles, context and state tree are read.
    Scope scope = {};
    /// By StateIndex: the mapping that a state was read from; null for an empty state.
    std::vector<const Node*> state_nodes = {};
    /// By state id, by `id:` key, by last part of the id.
    std::unordered_map<std::string, StateIndex> states_by_id = {};
    std::unordered_map<std::string, StateIndex> states_by_alias = {};
    std::unordered_map<std::string, std::vector<StateIndex>> states_by_name = {};
    /// In document order; complete before any behaviour is read.
    std::vector<InvokeName> invokes = {};
    /// What expressions ask about; looked up once all transitions are read.
    std::vector<NamedEvent> asked_events = {};
    /// Targets are ids from the top, never relative to where they stand.
    bool full_ids = false;

    /// Makes a finding of a node, unless it is broken and has one.
    void error(const Node& node, std::string code, std::string message);
    void warning(const Node& node, std::string code, std::string message);
};

using KeyList = std::vector<std::string_view>;

/// Whether the node is of that kind; if not, the finding `wrong-type`. Ex. of `what`:
/// `states is a mapping of state names`.
[[nodiscard]] bool expect(Reading& reading, const Node& node, NodeKind kind, std::string_view what);

/// Finds every key that is not known there. Ex. of `place`: `a transition`.
void check_keys(Reading& reading, const Node& map, const KeyList& known, std::string_view place);

/// `unknown key`, `no such role`, …: the nearest of the known, else all of them.
[[nodiscard]] std::string suggest(std::string_view name, const KeyList& known);

/// A text, or nothing and the finding.
[[nodiscard]] std::optional<std::string> read_word(Reading& reading, const Node& node,
                                                   std::string_view what);
[[nodiscard]] bool read_boolean(Reading& reading, const Node& node, std::string_view what);
/// An integer of at least `least`, or nothing and the finding.
[[nodiscard]] std::optional<std::int64_t> read_integer(Reading& reading, const Node& node,
                                                       std::string_view what, std::int64_t least);

/// `[A-Za-z_][A-Za-z0-9_]*` of fields and roles; with hyphens: a state's, and an event's token.
[[nodiscard]] bool is_field_name(std::string_view name);
[[nodiscard]] bool is_state_name(std::string_view name);

/// Checks the name of a field, role or loop variable. Ex. of `what`: `a field`.
void check_name(Reading& reading, const Node& name, std::string_view what);

/// A declared role, or nothing and the finding.
[[nodiscard]] std::optional<std::string> read_role(Reading& reading, const Node& node);
/// A role or a list of roles. With `system_too`, `system` may stand among them.
[[nodiscard]] std::vector<std::string> read_roles(Reading& reading, const Node& node,
                                                  bool system_too);

}  // namespace sillage
