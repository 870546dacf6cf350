#include "engine/interpreter/explain.hpp"

#include <algorithm>

#include "engine/interpreter/detail/candidates.hpp"
#include "engine/interpreter/detail/reasons.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/interpreter/detail/verdicts.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/model/tree.hpp"

namespace sillage {
namespace {

/// The events that accounts may send in the active states and their ancestors, as far as the actor
/// is told of them, document order.
std::vector<std::string> offered_events(const Moment& moment) {
    std::vector<std::string> events;
    for (const Transition& transition : moment.definition.transitions) {
        const bool is_here =
            transition.source == root_state || is_active(moment.snapshot, transition.source);
        if (!is_here || !is_told_of(moment, transition)) {
            continue;
        }
        for (const std::string& event : transition.events) {
            const bool known = std::ranges::find(events, event) != events.end();
            if (!known && !is_reserved_event(event) && !event.ends_with('*')) {
                events.push_back(event);
            }
        }
    }
    return events;
}

/// Adds a candidate's form, unless an equal one is there.
void add_form(Offer& offer, const std::vector<Field>& form) {
    const bool known = std::ranges::any_of(
        offer.forms, [&](const std::vector<Field>* other) { return *other == form; });
    if (!known) {
        offer.forms.push_back(&form);
    }
}

std::string title_of(const Moment& moment, const Transition& transition) {
    return transition.title.empty() ? std::string(moment.event)
                                    : text_for_reader(moment, transition.title);
}

Offer offer_of(const Moment& moment) {
    const Consideration found = consider(moment, {.reasons = true, .data = false, .all = true});
    Offer offer{.event = std::string(moment.event)};
    const Transition* first = nullptr;
    for (const Considered& considered : found.candidates) {
        if (considered.verdict != Verdict::enabled) {
            continue;
        }
        const Transition& transition = moment.definition.transitions[considered.transition];
        if (first == nullptr) {
            first = &transition;
            offer.form = transition.form ? &*transition.form : nullptr;
        }
        if (transition.form) {
            add_form(offer, *transition.form);
        }
    }
    offer.allowed = first != nullptr;
    if (offer.allowed) {
        offer.title = title_of(moment, *first);
    } else {
        const auto shown = found.candidates.front().transition;
        offer.title = title_of(moment, moment.definition.transitions[shown]);
        offer.blockers = decisive_first(moment, found.candidates);
    }
    if (offer.forms.size() < 2) {
        offer.forms.clear();
    }
    return offer;
}

}  // namespace

Explanation explain(const Definition& definition, const Snapshot& before, const Input& input) {
    const Moment moment = moment_before(definition, before, input);
    Consideration found = consider(moment, {.reasons = true});
    const bool fails = std::ranges::any_of(found.candidates, [](const Considered& considered) {
        return considered.failure.has_value();
    });
    Explanation explanation{.accepted = !found.selected.empty()};
    if (!explanation.accepted && fails) {
        // Whether the errors of the guards lead anywhere, only the step itself can tell.
        const auto tried = step(definition, before, input);
        explanation.accepted = tried || tried.error().code != ErrorCode::event_refused;
    }
    if (!explanation.accepted) {
        explanation.reasons = decisive_first(moment, found.candidates);
    }
    for (Considered& considered : found.candidates) {
        const TransitionIndex index = considered.transition;
        explanation.candidates.push_back(
            {.transition = index,
             .verdict = considered.verdict,
             .reasons = std::move(considered.reasons),
             .by = considered.by,
             .verdicts = verdicts_of(moment, definition.transitions[index])});
    }
    return explanation;
}

std::vector<Offer> offers(const Definition& definition, const Snapshot& before,
                          const Input& input) {
    if (before.configuration.empty()) {
        return {};  // to what has ended nothing can be sent, whatever the root waits for
    }
    std::vector<Offer> all;
    for (const std::string& event : offered_events(moment_before(definition, before, input))) {
        Input asked = input;
        asked.event = Event{.name = event};
        const Moment moment = moment_before(definition, before, asked);
        all.push_back(offer_of(moment));
    }
    return all;
}

}  // namespace sillage
