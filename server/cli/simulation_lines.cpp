#include "server/cli/simulation_lines.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/base/nearest.hpp"
#include "engine/calendar/calendar.hpp"
#include "engine/interpreter/status.hpp"
#include "engine/model/context.hpp"
#include "engine/runtime/columns.hpp"
#include "server/http/problem.hpp"
#include "server/routes/explanation_json.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// What a line asks for.
struct LineRequest {
    enum class Verb { event, advance, explain };
    Verb verb = Verb::event;
    /// The event's name, or the duration.
    std::string object = {};
    json::value data = nullptr;
    /// Nothing: every declared role.
    std::optional<std::vector<std::string>> by = {};
    std::string actor = {};
    /// Path of the child that it is for; empty: the first instance.
    std::string to = {};
};

Error unreadable(std::string message, std::string where) {
    return {.code = ErrorCode::malformed, .message = std::move(message), .where = std::move(where)};
}

Result<std::string> text_of(const json::value& value, const std::string& where) {
    if (const auto* text = value.if_string()) {
        return std::string(*text);
    }
    return unreadable("\"" + where.substr(1) + "\" must be text.", where);
}

Result<std::vector<std::string>> roles_of(const json::value& value) {
    if (value.is_string()) {
        return std::vector<std::string>{std::string(value.get_string())};
    }
    const auto* items = value.if_array();
    if (items == nullptr) {
        return unreadable("\"by\" must be a list of roles.", "/by");
    }
    std::vector<std::string> roles;
    for (const json::value& item : *items) {
        SILLAGE_TRY(auto role, text_of(item, "/by"));
        roles.push_back(std::move(role));
    }
    return roles;
}

Result<void> read_member(LineRequest& request, std::string_view name, const json::value& value) {
    static constexpr std::string_view known[] = {"event",   "data",    "by", "actor",
                                                 "advance", "explain", "to"};
    if (name == "data") {
        request.data = value;
    } else if (name == "by") {
        SILLAGE_TRY(request.by, roles_of(value));
    } else if (name == "actor") {
        SILLAGE_TRY(request.actor, text_of(value, "/actor"));
    } else if (name == "to") {
        SILLAGE_TRY(request.to, text_of(value, "/to"));
    } else if (name == "event" || name == "advance" || name == "explain") {
        if (!request.object.empty()) {
            return unreadable("A line asks for one of event, advance and explain.", "");
        }
        SILLAGE_TRY(request.object, text_of(value, "/" + std::string(name)));
        request.verb = name == "event"     ? LineRequest::Verb::event
                       : name == "advance" ? LineRequest::Verb::advance
                                           : LineRequest::Verb::explain;
    } else {
        const std::string near = nearest(name, known);
        return unreadable("There is no \"" + std::string(name) + "\" in a line" +
                              (near.empty() ? "." : did_you_mean(near)),
                          "/" + pointer_token(name));
    }
    return success();
}

Result<LineRequest> read_request(std::string_view line) {
    if (line.size() > simulation_line_bytes_max) {
        return unreadable("A line has at most 1 MiB.", "");
    }
    SILLAGE_TRY(const auto value, parse_json(line));
    const auto* object = value.if_object();
    if (object == nullptr) {
        return unreadable("A line must be an object.", "");
    }
    LineRequest request;
    for (const auto& [name, member] : *object) {
        SILLAGE_TRY(read_member(request, name, member));
    }
    if (request.object.empty()) {
        return unreadable("A line needs one of event, advance and explain.", "");
    }
    return request;
}

/// The code of an incident is the limit it names.
json::object error_json(const Error& error) {
    const bool is_incident =
        error.code == ErrorCode::limit_exceeded || error.code == ErrorCode::contract_broken;
    const std::string code =
        is_incident && !error.where.empty() ? error.where : std::string(name_of(error.code));
    return {{"code", code}, {"message", error.message}};
}

/// Active states as the line shows them; once ended, the final one with its ancestors.
json::array active_ids(const Definition& definition, const Snapshot& snapshot) {
    json::array ids;
    for (const StateIndex state : snapshot.configuration) {
        ids.emplace_back(definition.state(state).id);
    }
    if (snapshot.ended_in) {
        for (StateIndex at = *snapshot.ended_in; at != root_state;
             at = definition.state(at).parent) {
            ids.insert(ids.begin(), json::value(definition.state(at).id));
        }
    }
    return ids;
}

/// Each child as it stands; those of children have paths such as `tracks.0/filing`.
json::array children_of(const Rehearsal& rehearsal) {
    json::array children;
    for (const auto& [path, member] : rehearsal.descendants()) {
        const auto leaves = leaves_of(*member->definition, member->snapshot);
        children.push_back(
            json::object{{"id", path},
                         {"workflow", member->record->workflow},
                         {"configuration", json::array(leaves.begin(), leaves.end())},
                         {"done", member->snapshot.done}});
    }
    return children;
}

/// The members every answer has, the last of them filled from what was done.
void add_state(json::object& answer, const Rehearsal& rehearsal, const Performance& performance) {
    const Definition& definition = rehearsal.definition();
    const Snapshot& snapshot = rehearsal.snapshot();
    const sillage::Status status =
        describe(definition, snapshot, rehearsal.input_for({}, system_actor()));
    json::array taken;
    json::array effects;
    for (const Happening& happening : performance.happenings) {
        if (!happening.path.empty()) {
            continue;
        }
        for (const TraceItem& item : happening.step.trace) {
            const auto* transition = std::get_if<TakenTransition>(&item);
            if (transition != nullptr) {
                taken.emplace_back(taken_json(definition, *transition));
            }
        }
        for (const Effect& effect : happening.step.effects) {
            effects.emplace_back(effect_json(definition, effect));
        }
    }
    answer["configuration"] = json::array(status.states.begin(), status.states.end());
    answer["active"] = active_ids(definition, snapshot);
    answer["context"] = context_object(definition, snapshot);
    answer["taken"] = std::move(taken);
    answer["effects"] = std::move(effects);
    answer["now"] = to_string(rehearsal.now());
    answer["done"] = snapshot.done;
    if (json::array children = children_of(rehearsal); !children.empty()) {
        answer["children"] = std::move(children);
    }
}

std::string answer_of(const Rehearsal& rehearsal, const Performance& performance) {
    json::object answer;
    add_state(answer, rehearsal, performance);
    const bool refused = performance.error && performance.error->code == ErrorCode::event_refused;
    answer["blockers"] = refused ? blockers_json(*performance.error) : json::array{};
    answer["error"] = performance.error && !refused ? json::value(error_json(*performance.error))
                                                    : json::value(nullptr);
    return to_json_text(answer);
}

std::string explain_line(const Rehearsal& rehearsal, const Loaded& member, const Input& input) {
    const Definition& definition = *member.definition;
    const Explanation explanation = explain(definition, member.snapshot, input);
    json::object explained = explanation_json(definition, input.event.name.text(), explanation);
    json::object answer{{"explain", input.event.name},
                        {"candidates", explained["candidates"]},
                        {"accepted", explanation.accepted}};
    add_state(answer, rehearsal, {});
    answer["blockers"] = explained["blockers"];
    answer["error"] = nullptr;
    return to_json_text(answer);
}

}  // namespace

std::string SimulationLines::start() { return answer_of(rehearsal_, rehearsal_.start()); }

std::string SimulationLines::answer(std::string_view line) {
    auto request = read_request(line);
    if (!request) {
        return answer_of(rehearsal_, {.error = std::move(request).error()});
    }
    const LineRequest& asked = request.value();
    if (asked.verb == LineRequest::Verb::advance) {
        auto duration = parse_duration(asked.object);
        if (!duration) {
            return answer_of(rehearsal_, {.error = std::move(duration).error()});
        }
        return answer_of(rehearsal_, rehearsal_.advance(duration.value()));
    }
    const Loaded* member = rehearsal_.find(asked.to);
    if (member == nullptr) {
        return answer_of(rehearsal_,
                         {.error = unreadable("There is no child \"" + asked.to + "\".", "/to")});
    }
    Actor actor = rehearsed_actor(*member->definition, asked.by.value_or(roles_), asked.actor);
    if (asked.by && asked.by->empty()) {
        actor.roles.clear();
    }
    const Event event{.name = asked.object, .data = asked.data};
    return asked.verb == LineRequest::Verb::explain
               ? explain_line(rehearsal_, *member, rehearsal_.input_for(*member, event, actor))
               : answer_of(rehearsal_, rehearsal_.send(event, actor, asked.to));
}

}  // namespace sillage::server
