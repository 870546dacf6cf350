#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/runtime/runtime.hpp"

// Between load and append: what a request's steps come to, as a value. Nothing here writes, so a
// dry run is the same code, and whatever fails leaves nothing behind.

namespace sillage {

/// How a decision finds what it touches besides its first instance. Errors of all: those of the
/// store.
struct Kin {
    /// Errors: not_found.
    std::function<Result<Loaded>(const std::string& id)> load = {};
    /// Nothing: it was never started.
    std::function<Result<std::optional<Loaded>>(const ParentLink& link)> child = {};
    /// A workflow to start, the latest version unless one is given. Errors: not_found.
    std::function<Result<DefinitionPointer>(const std::string& workflow,
                                            std::optional<std::int64_t> version)>
        workflow = {};
    /// A document that SCXML's `content expr` gave. Errors: definition_invalid.
    std::function<Result<DefinitionPointer>(const std::string& text)> document = {};
    /// Gives the salt of an entry that is to be kept; null: it is without one.
    std::function<std::string()> salt = {};
    /// Of the request, for every entry that it leads to; empty: it has none.
    std::string trace = {};
    /// Is shown each step that is taken on, and the instance after it; null: nobody looks.
    std::function<void(const Loaded& member, const Input& input, const Step& step)> witness = {};
};

struct Decision {
    /// Of the first instance.
    Receipt receipt = {};
    /// One per step, in order, of all instances.
    std::vector<InstanceWrite> writes = {};
    /// Set when the event was undone: the one write only tells of it.
    std::optional<Error> incident = {};
    /// What went wrong in steps that followed, each an incident of its own instance.
    std::vector<Error> mishaps = {};
    /// Everybody who was touched, as they stand then; the first one too.
    std::vector<Loaded> members = {};
};

/// The first step of an instance and what it leads to. `fresh` has everything but a snapshot.
/// Errors: as start; an instance that cannot start leaves no incident.
[[nodiscard]] Result<Decision> decide_start(const Kin& kin, const Loaded& fresh, const Input& input,
                                            const std::string& idempotency_key);

/// An event and what it leads to. Errors: as step, but for incidents, which are decisions.
[[nodiscard]] Result<Decision> decide_event(const Kin& kin, const Loaded& before,
                                            const Input& input, const std::string& idempotency_key);

/// An account's event as a route gives it. Errors: as decide_event; stale.
[[nodiscard]] Result<Decision> decide_submit(const Kin& kin, const Loaded& loaded,
                                             const SubmitCommand& command, const Call& call);

/// Resolves the open incident of that sequence. Errors: not_found.
[[nodiscard]] Result<Decision> decide_resolution(const Kin& kin, const Loaded& before,
                                                 const Input& input, std::uint64_t sequence);

}  // namespace sillage
