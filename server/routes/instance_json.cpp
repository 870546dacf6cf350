#include "server/routes/instance_json.hpp"

#include <algorithm>

#include "engine/interpreter/status.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Members of an instance as it is shown.
constexpr std::size_t instance_members = 26;

json::value text_or_null(const std::string& text, const json::storage_ptr& memory) {
    return text.empty() ? json::value(nullptr) : json::value(text, memory);
}

json::object deadline_json(const OpenDeadline& deadline, const json::storage_ptr& memory) {
    json::object out(memory);
    out.emplace("state", deadline.state);
    out.emplace("at", to_string(deadline.at));
    return out;
}

json::value incident_json(const std::optional<Incident>& incident) {
    if (!incident) {
        return nullptr;
    }
    json::object out;
    out.emplace("sequence", incident->sequence);
    out.emplace("code", incident->code);
    out.emplace("message", incident->message);
    out.emplace("event", incident->event);
    return out;
}

/// The title for the first of the reader's roles that has one of its own, else for everybody.
std::string title_of(const Loaded& loaded, const Input& input, const State& state) {
    for (const auto& [role, title] : state.title_for) {
        if (std::ranges::find(input.actor.roles, role) != input.actor.roles.end()) {
            return render(*loaded.definition, loaded.snapshot, input, title);
        }
    }
    return state.title.empty() ? state.name
                               : render(*loaded.definition, loaded.snapshot, input, state.title);
}

/// The stepper: top-level states but the hidden ones, and how far the instance is.
void add_progress(json::object& out, const Loaded& loaded, const Input& input,
                  const std::string& stage) {
    json::array stages(out.storage());
    json::value position = nullptr;
    for (const StateIndex child : loaded.definition->state(root_state).children) {
        const State& state = loaded.definition->state(child);
        if (state.type == StateType::history ||
            std::ranges::find(state.tags, "hidden") != state.tags.end()) {
            continue;
        }
        json::object step(out.storage());
        step.emplace("name", state.name);
        step.emplace("title", title_of(loaded, input, state));
        step.emplace("current", state.name == stage);
        stages.push_back(std::move(step));
        if (state.name == stage) {
            position = static_cast<std::int64_t>(stages.size());
        }
    }
    json::object progress(out.storage());
    progress.emplace("stage", position);
    progress.emplace("of", static_cast<std::int64_t>(stages.size()));
    out.emplace("stages", std::move(stages));
    out.emplace("progress", std::move(progress));
}

json::value parent_json(const InstanceRecord& record) {
    if (!record.parent) {
        return nullptr;
    }
    json::object out;
    out.emplace("id", record.parent->instance);
    out.emplace("invoke", record.parent->invoke_id);
    return out;
}

json::array children_json(const Children& children) {
    json::array out;
    for (const InstanceRecord& child : children) {
        json::object link;
        link.emplace("id", child.id);
        link.emplace("invoke", child.parent->invoke_id);
        link.emplace("workflow", child.workflow);
        link.emplace("done", child.done);
        out.push_back(std::move(link));
    }
    return out;
}

json::array strings_json(const std::vector<std::string>& texts,
                         const json::storage_ptr& memory = {}) {
    return json::array(texts.begin(), texts.end(), memory);
}

}  // namespace

json::object instance_json(const Loaded& loaded, const Call& call, const Children& children,
                           const json::storage_ptr& memory) {
    const Input input = Reader::input_for(loaded, call);
    const sillage::Status status = describe(*loaded.definition, loaded.snapshot, input);
    const InstanceRecord& record = loaded.record;
    json::object out(memory);
    out.reserve(instance_members);
    out.emplace("id", record.id);
    out.emplace("workflow", record.workflow);
    out.emplace("version", record.version);
    out.emplace("company", text_or_null(record.company, memory));
    out.emplace("cohort", text_or_null(record.cohort, memory));
    out.emplace("key", text_or_null(record.key, memory));
    out.emplace("parent", parent_json(record));
    out.emplace("children", children_json(children));
    out.emplace("sequence", record.sequence);
    out.emplace("stage", status.stage);
    out.emplace("stage_title", status.stage_title.empty() ? status.stage : status.stage_title);
    out.emplace("states", strings_json(status.states, memory));
    out.emplace("title", status.title);
    out.emplace("waiting_for", status.waiting_for.empty()
                                   ? json::value(nullptr)
                                   : json::value(status.waiting_for.front(), memory));
    out.emplace("waiting_for_all", strings_json(status.waiting_for, memory));
    json::array deadlines(memory);
    for (const OpenDeadline& deadline : status.deadlines) {
        deadlines.push_back(deadline_json(deadline, memory));
    }
    out.emplace("deadline", deadlines.empty() ? json::value(nullptr) : deadlines.front());
    out.emplace("deadlines", std::move(deadlines));
    out.emplace("overdue", status.overdue);
    out.emplace("done", status.done);
    out.emplace("context", status.context);
    out.emplace("incident", incident_json(status.incident));
    add_progress(out, loaded, input, status.stage);
    out.emplace("started_at", to_string(record.started_at));
    out.emplace("updated_at", to_string(record.updated_at));
    return out;
}

Response instance_response(server::Status status, json::object instance,
                           const InstanceRecord& record) {
    Response response = json_response(status, std::move(instance));
    response.headers.add("ETag", etag_of(record));
    return response;
}

std::string etag_of(const InstanceRecord& record) {
    return "\"" + std::to_string(record.sequence) + "\"";
}

}  // namespace sillage::server
