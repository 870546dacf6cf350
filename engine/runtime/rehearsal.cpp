#include "engine/runtime/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/calendar/calendar.hpp"
#include "engine/company/sme_class.hpp"
#include "engine/interpreter/step.hpp"
#include "engine/runtime/read_workflow.hpp"
#include "engine/timers/due.hpp"

namespace sillage {
namespace {

Error too_many_timers() {
    return {.code = ErrorCode::limit_exceeded,
            .message = "More than 10,000 timers fired at once; the rest waits.",
            .where = "timer_limit"};
}

/// The order in which timers of a family fire: as those of all instances.
auto firing_order(const Loaded& member, const Timer& timer) {
    return std::tuple(timer.due, timer.started, timer.state, timer.id, member.record->id);
}

void note(Performance& performance, Error error) {
    if (!performance.error) {
        performance.error = std::move(error);
    }
}

}  // namespace

Actor rehearsed_actor(const Definition& definition, std::vector<std::string> roles,
                      std::string id) {
    if (std::ranges::find(roles, "system") != roles.end()) {
        return system_actor();
    }
    if (roles.empty()) {
        for (const Role& role : definition.roles) {
            roles.push_back(role.name);
        }
    }
    return {.id = id.empty() ? "user" : std::move(id), .roles = std::move(roles)};
}

Rehearsal::Rehearsal(const Definition& definition, RehearsalSetup setup)
    : setup_(std::move(setup)) {
    setup_.company = with_sme_class(std::move(setup_.company));
    Loaded fresh{.record = InstanceRecord{.id = setup_.instance,
                                          .workflow = definition.name,
                                          .version = definition.version,
                                          .started_at = setup_.now},
                 // The caller keeps it.
                 .definition = DefinitionPointer(std::shared_ptr<void>(), &definition),
                 .company = setup_.company,
                 .cohort = setup_.cohort};
    members_.emplace(setup_.instance, std::move(fresh));
}

Input Rehearsal::input_for(const Loaded& member, const Event& event, const Actor& actor) const {
    return {.event = event,
            .actor = actor,
            .now = setup_.now,
            .instance = member.record->id,
            .parent = member.record->parent,
            .company = setup_.company,
            .cohort = setup_.cohort,
            .languages = setup_.languages};
}

Input Rehearsal::input_for(const Event& event, const Actor& actor) const {
    return input_for(first(), event, actor);
}

std::string Rehearsal::path_of(const InstanceRecord& record) const {
    if (!record.parent) {
        return {};
    }
    const std::string above = path_of(members_.at(record.parent->instance).record);
    return above + (above.empty() ? "" : "/") + record.parent->invoke_id;
}

std::vector<std::uint64_t> Rehearsal::birth_of(const InstanceRecord& record) const {
    if (!record.parent) {
        return {};
    }
    std::vector<std::uint64_t> serials = birth_of(members_.at(record.parent->instance).record);
    serials.push_back(record.parent->serial);
    return serials;
}

std::map<std::string, const Loaded*> Rehearsal::descendants() const {
    std::map<std::string, const Loaded*> found;
    for (const auto& [id, member] : members_) {
        if (!member.record->parent) {
            continue;
        }
        const Loaded*& known = found[path_of(member.record)];
        if (known == nullptr || birth_of(known->record) < birth_of(member.record)) {
            known = &member;
        }
    }
    return found;
}

const Loaded* Rehearsal::find(std::string_view path) const {
    if (path.empty()) {
        return &first();
    }
    const auto all = descendants();
    const auto found = all.find(std::string(path));
    return found == all.end() ? nullptr : found->second;
}

Kin Rehearsal::kin(std::vector<Happening>& happenings) const {
    return Kin{
        .load = [this](const std::string& id) -> Result<Loaded> {
            const auto found = members_.find(id);
            if (found == members_.end()) {
                return Error{.code = ErrorCode::not_found,
                             .message = fmt::format("There is no instance \"{}\".", id)};
            }
            return found->second;
        },
        .child = [this](const ParentLink& link) -> Result<std::optional<Loaded>> {
            for (const auto& [id, member] : members_) {
                const auto& parent = member.record->parent;
                if (parent && parent->instance == link.instance && parent->serial == link.serial) {
                    return std::optional(member);
                }
            }
            return std::optional<Loaded>{};
        },
        .workflow = [this](const std::string& name,
                           std::optional<std::int64_t> version) -> Result<DefinitionPointer> {
            if (setup_.workflows) {
                return setup_.workflows(name, version);
            }
            return Error{.code = ErrorCode::not_found,
                         .message = fmt::format("There is no workflow \"{}\".", name)};
        },
        .document = read_document,
        .witness =
            [&happenings](const Loaded& member, const Input& input, const Step& step) {
                happenings.push_back({.instance = member.record->id,
                                      .definition = member.definition,
                                      .event = input.event,
                                      .at = input.now,
                                      .step = step});
            }};
}

Performance Rehearsal::start() {
    Performance performance;
    const Input input =
        input_for({.name = std::string(start_event), .data = setup_.context}, setup_.actor);
    const auto decide = [&](const Kin& kin) { return decide_start(kin, first(), input, {}); };
    if (perform(performance, decide)) {
        fire_due(setup_.now, performance);
    }
    return performance;
}

Performance Rehearsal::send(const Event& event, const Actor& actor, std::string_view path) {
    Performance performance;
    const Loaded* member = find(path);
    if (member == nullptr) {
        note(performance, Error{.code = ErrorCode::not_found,
                                .message = fmt::format("There is no child \"{}\".", path),
                                .where = "/to"});
        return performance;
    }
    Input input = input_for(*member, event, actor);
    if (actor == system_actor()) {
        input.event.origin = EventOrigin::engine;
    }
    const auto decide = [&](const Kin& kin) { return decide_event(kin, *member, input, {}); };
    if (perform(performance, decide)) {
        fire_due(setup_.now, performance);
    }
    return performance;
}

Performance Rehearsal::advance(const CalendarDuration& by) {
    Performance performance;
    const auto until = add(definition().calendar, setup_.now, by);
    if (!until) {
        note(performance, until.error());
        return performance;
    }
    fire_due(until.value(), performance);
    setup_.now = until.value();
    return performance;
}

bool Rehearsal::perform(Performance& performance, const Decide& decide) {
    std::vector<Happening> happenings;
    Result<Decision> decided = decide(kin(happenings));
    if (!decided) {
        note(performance, std::move(decided).error());
        return false;
    }
    Decision& decision = decided.value();
    for (Loaded& member : decision.members) {
        const std::string id = member.record->id;
        members_.insert_or_assign(id, std::move(member));
    }
    if (decision.incident) {
        note(performance, *std::move(decision.incident));
        return true;
    }
    for (Error& mishap : decision.mishaps) {
        note(performance, std::move(mishap));
    }
    for (Happening& happening : happenings) {
        happening.path = path_of(members_.at(happening.instance).record);
        performance.happenings.push_back(std::move(happening));
    }
    return true;
}

const Loaded* Rehearsal::next_to_fire() const {
    const Loaded* next = nullptr;
    for (const auto& [id, member] : members_) {
        const Timer* timer = next_timer(member.snapshot);
        if (timer != nullptr &&
            (next == nullptr ||
             firing_order(member, *timer) < firing_order(*next, *next_timer(next->snapshot)))) {
            next = &member;
        }
    }
    return next;
}

void Rehearsal::fire_due(Instant until, Performance& performance) {
    std::size_t fired = 0;
    for (const Loaded* member = next_to_fire(); member != nullptr; member = next_to_fire()) {
        const Timer& timer = *next_timer(member->snapshot);
        if (timer.due > until) {
            return;
        }
        if (fired++ == rehearsed_timers_max) {
            note(performance, too_many_timers());
            return;
        }
        setup_.now = std::max(setup_.now, timer.due);
        Input input = input_for(*member, {}, {});
        const Input due = timer_input(timer, setup_.now);
        input.event = due.event;
        input.actor = due.actor;
        input.now = due.now;
        (void)perform(performance,
                      [&](const Kin& kin) { return decide_event(kin, *member, input, {}); });
    }
}

}  // namespace sillage
