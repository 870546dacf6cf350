#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/interpreter/step.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/ok.hpp"

namespace sillage::test {

/// A definition and an instance of it, for tests of single steps. Nothing of it moves by itself:
/// neither queued sends nor timers run.
struct Chart {
    std::shared_ptr<const Definition> definition;
    Snapshot snapshot = {};
    Input input = {};

    /// Starts an instance; the actor holds every declared role.
    explicit Chart(std::string_view yaml, boost::json::value context = nullptr)
        : definition(definition_of(yaml)) {
        input.actor.id = "ana";
        for (const Role& role : definition->roles) {
            input.actor.roles.push_back(role.name);
        }
        input.now = Instant{1'800'000'000'000};
        input.languages = {"en"};
        Input first = with_event("$start", std::move(context));
        snapshot = ok(start(*definition, first)).after;
    }

    [[nodiscard]] Input with_event(std::string name, boost::json::value data = nullptr) const {
        Input changed = input;
        changed.event = Event{.name = std::move(name), .data = std::move(data)};
        return changed;
    }

    [[nodiscard]] Result<Step> try_send(std::string name, boost::json::value data = nullptr) const {
        return step(*definition, snapshot, with_event(std::move(name), std::move(data)));
    }

    /// Sends an event that must be accepted, and moves on.
    Step send(std::string name, boost::json::value data = nullptr) {
        Step done = ok(try_send(std::move(name), std::move(data)));
        snapshot = done.after;
        return done;
    }
};

}  // namespace sillage::test
