#include "engine/interpreter/detail/reasons.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/language.hpp"
#include "engine/base/nearest.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/model/tree.hpp"
#include "engine/schema/check.hpp"

namespace sillage {
namespace {

/// Events that a sentence lists at most. Chosen: what a reader takes in at a glance.
constexpr std::size_t events_named_max = 8;

/// The engine's own sentences stand in English and in French.
bool reads_french(const Moment& moment) {
    return choose_language({"en", "fr"}, moment.input.languages) == 1;
}

/// `a`, `a or b`, `a, b or c`; `between` is the last one's ` or `.
std::string alternatives(const std::vector<std::string>& names, const char* between) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool last = i + 1 == names.size();
        text += (i == 0 ? "" : last ? between : ", ") + names[i];
    }
    return text;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

std::string role_title(const Moment& moment, const std::string& name) {
    const Role* role = moment.definition.find_role(name);
    return role == nullptr || role->title.empty() ? name : text_for_reader(moment, role->title);
}

boost::json::object held_roles(const Moment& moment) {
    const auto& roles = moment.input.actor.roles;
    return {{"actor.roles", boost::json::array(roles.begin(), roles.end())}};
}

/// `/lines/0/price` as a path: `lines.0.price`.
std::string path_of(std::string_view pointer) {
    std::string path(pointer.substr(std::min<std::size_t>(1, pointer.size())));
    std::ranges::replace(path, '/', '.');
    return path;
}

/// A problem of the whole data speaks for itself; one of a field begins with its name.
std::string form_sentence(const SchemaProblem& problem) {
    const std::string path = path_of(problem.pointer);
    const std::string name = "\"" + path.substr(path.rfind('.') + 1) + "\"";
    const bool named = path.empty() || problem.message.starts_with(name);
    return named ? problem.message : "\"" + path + "\": " + problem.message;
}

Reason form_reason(const boost::json::value& data, const SchemaProblem& problem) {
    Reason reason{
        .code = ReasonCode::form, .rule = problem.pointer, .message = form_sentence(problem)};
    boost::system::error_code missing;
    const auto* value = data.find_pointer(problem.pointer, missing);
    if (!missing && value != nullptr && !problem.pointer.empty()) {
        reason.values[path_of(problem.pointer)] = *value;
    }
    return reason;
}

std::string role_sentence(const Moment& moment, const std::vector<std::string>& titles) {
    if (reads_french(moment)) {
        return (titles.size() == 1 ? "Réservé au rôle " : "Réservé aux rôles ") +
               alternatives(titles, " ou ") + ".";
    }
    return "Only " + alternatives(titles, " or ") + " may do this.";
}

std::string engine_sentence(const Moment& moment) {
    return reads_french(moment) ? "Seul le système le fait, de lui-même."
                                : "Only the system does this by itself.";
}

/// `score is 3, attempts is 1`
std::string values_sentence(const boost::json::object& values, const char* is) {
    std::string text;
    for (const auto& [path, value] : values) {
        text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ",
                            std::string_view(path.data(), path.size()), is, to_json_text(value));
    }
    return text;
}

std::string unmet_sentence(const Moment& moment, const Reason& reason) {
    const bool french = reads_french(moment);
    const std::string values = values_sentence(reason.values, french ? "vaut" : "is");
    if (french) {
        return fmt::format("La règle « {} » n'est pas remplie{}{}.", reason.rule,
                           values.empty() ? "" : " : ", values);
    }
    return fmt::format("The rule \"{}\" does not hold{}{}.", reason.rule,
                       values.empty() ? "" : ": ", values);
}

std::string unjudged_sentence(const Moment& moment, const Reason& reason,
                              const std::string& failure) {
    if (failure.empty()) {
        return fmt::format(
            fmt::runtime(reads_french(moment) ? "La règle « {} » ne peut pas être évaluée."
                                              : "The rule \"{}\" cannot be judged."),
            reason.rule);
    }
    return fmt::format(
        fmt::runtime(reads_french(moment) ? "La règle « {} » ne peut pas être évaluée : {}{}"
                                          : "The rule \"{}\" cannot be judged: {}{}"),
        reason.rule, failure, failure.ends_with('.') ? "" : ".");
}

std::string ended_sentence(const Moment& moment) {
    return fmt::format(
        fmt::runtime(reads_french(moment) ? "C'est terminé ; l'événement « {} » vient trop tard."
                                          : "This has ended; the event \"{}\" comes too late."),
        moment.event);
}

/// Names the nearest events that are known here, or all when they are few.
std::string unknown_sentence(const Moment& moment, const std::vector<std::string>& known) {
    const bool french = reads_french(moment);
    const std::string near = nearest(moment.event, known);
    std::string end = ".";
    if (!near.empty()) {
        end = french ? " ; vouliez-vous dire « " + near + " » ?" : did_you_mean(near);
    } else if (!known.empty() && known.size() <= events_named_max) {
        end = (french ? " ; il y a " : "; there is ") + joined(known) + ".";
    }
    return fmt::format(fmt::runtime(french ? "Aucun état actif n'attend l'événement « {} »{}"
                                           : "No active state has the event \"{}\"{}"),
                       moment.event, end);
}

/// The names under which accounts may send events in the active states, document order of those
/// that are walked.
std::vector<std::string> events_known_here(const Moment& moment) {
    std::vector<std::string> names;
    const auto add_names = [&](const State& state) {
        for (const TransitionIndex index : state.transitions) {
            const Transition& transition = moment.definition.transitions[index];
            if (!is_told_of(moment, transition)) {
                continue;
            }
            for (const std::string& name : transition.events) {
                const bool known = std::ranges::find(names, name) != names.end();
                if (!known && !is_reserved_event(name) && !name.ends_with('*')) {
                    names.push_back(name);
                }
            }
        }
    };
    for (const StateIndex state : moment.snapshot.configuration) {
        add_names(moment.definition.state(state));
    }
    add_names(moment.definition.state(root_state));
    return names;
}

/// How far the reasons say that a candidate got: state < role < form < guard.
int distance(const Considered& considered) {
    const auto& reasons = considered.reasons;
    return reasons.empty() ? -1 : static_cast<int>(reasons.front().code);
}

}  // namespace

Reason role_reason(const Moment& moment, const Transition& transition) {
    std::vector<std::string> rule = transition.by;
    if (rule.empty()) {
        for (const Role& role : moment.definition.roles) {
            rule.push_back(role.name);
        }
    }
    std::vector<std::string> titles;
    for (const std::string& role : rule) {
        titles.push_back(role_title(moment, role));
    }
    const bool engine_alone = transition.by == std::vector<std::string>{"system"};
    return {.code = ReasonCode::role,
            .rule = joined(rule),
            .message = engine_alone ? engine_sentence(moment) : role_sentence(moment, titles),
            .values = held_roles(moment)};
}

Reason reserved_reason(const Moment& moment) {
    return {.code = ReasonCode::role,
            .rule = "system",
            .message = fmt::format("Only the engine sends \"{}\": names beginning with \"done.\", "
                                   "\"error.\", \"deadline.\", \"after.\" or \"$\" are its own.",
                                   moment.event),
            .values = held_roles(moment)};
}

std::vector<Reason> form_reasons(const Moment& moment, const Transition& transition) {
    if (!moment.event_data.is_null() && !moment.event_data.is_object()) {
        return {{.code = ReasonCode::form,
                 .message = "The data of an event must be an object, or absent."}};
    }
    const auto* object = moment.event_data.if_object();
    const std::vector<Field> no_fields;
    const auto problems = check_fields(object == nullptr ? boost::json::object{} : *object,
                                       transition.form ? *transition.form : no_fields);
    std::vector<Reason> reasons;
    for (const SchemaProblem& problem : problems) {
        reasons.push_back(form_reason(moment.event_data, problem));
    }
    return reasons;
}

Reason guard_reason(const Moment& moment, const GuardClause& clause, const std::string& failure) {
    Reason reason{.code = ReasonCode::guard,
                  .rule = clause.check.text,
                  .values = values_read(moment, clause.check)};
    if (!clause.otherwise.empty()) {
        reason.message = text_for_reader(moment, clause.otherwise);
        return reason;
    }
    const bool is_told = !is_withheld(moment, clause.check);
    reason.message = failure.empty()
                         ? unmet_sentence(moment, reason)
                         : unjudged_sentence(moment, reason, is_told ? failure : std::string());
    return reason;
}

Reason state_reason(const Moment& moment) {
    return {.code = ReasonCode::state,
            .rule = std::string(moment.event),
            .message = moment.snapshot.done ? ended_sentence(moment)
                                            : unknown_sentence(moment, events_known_here(moment))};
}

std::vector<Reason> decisive_first(const Moment& moment, const ConsideredList& candidates) {
    if (candidates.empty()) {
        const bool reserved = moment.asks_account && is_reserved_event(moment.event);
        return {reserved ? reserved_reason(moment) : state_reason(moment)};
    }
    const auto furthest = std::ranges::max_element(candidates, {}, distance);
    std::vector<Reason> reasons = furthest->reasons;
    for (auto at = candidates.begin(); at != candidates.end(); ++at) {
        if (at != furthest) {
            reasons.insert(reasons.end(), at->reasons.begin(), at->reasons.end());
        }
    }
    return reasons;
}

}  // namespace sillage
