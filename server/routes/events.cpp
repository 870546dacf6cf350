#include <charconv>

#include "engine/base/json.hpp"
#include "engine/interpreter/explain.hpp"
#include "engine/schema/check.hpp"
#include "server/catalogue/told.hpp"
#include "server/http/problem.hpp"
#include "server/http/text.hpp"
#include "server/routes/event_step.hpp"
#include "server/routes/explanation_json.hpp"
#include "server/routes/instance_json.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// The sequence that If-Match wants, when it is this one or no other could be.
/// Errors: invalid_argument: no entity tags; stale: none of them names the sequence.
Result<std::optional<std::uint64_t>> expected_sequence(const Request& request,
                                                       const InstanceRecord& record) {
    const auto header = request.headers.find("If-Match");
    if (!header || trim(*header) == "*") {
        return std::optional<std::uint64_t>{};
    }
    for (const std::string_view tag : split(*header, ',')) {
        if (tag == etag_of(record)) {
            return std::optional(record.sequence);
        }
        const bool is_tag = tag.size() >= 2 && tag.ends_with('"') &&
                            (tag.starts_with('"') || tag.starts_with("W/\""));
        if (!is_tag) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "If-Match must be the ETag of the instance, such as \"7\"."};
        }
    }
    return Error{.code = ErrorCode::stale,
                 .message = "The instance is at sequence " + std::to_string(record.sequence) +
                            ", not at " + std::string(*header) + "."};
}

Response step_response(const Receipt& receipt, const Call& call, const Children& children) {
    JsonScratch scratch;
    json::object body(scratch.memory());
    body.emplace("sequence", receipt.after.record->sequence);
    body.emplace("taken", taken_json(receipt, call, body.storage()));
    body.emplace("instance", instance_json(receipt.after, call, children, body.storage()));
    return instance_response(Status::ok, std::move(body), receipt.after.record);
}

/// What it says now goes with the refusal, so that nobody has to ask. Source: threats TM23.
Result<Response> stale_response(Reader& reader, const Error& stale, const Loaded& loaded,
                                const Call& call) {
    SILLAGE_TRY(const auto children, reader.children(loaded));
    json::object members = problem_json(stale);
    members.emplace("current", instance_json(loaded, call, children));
    Response response = problem(stale);
    response.body = sillage::to_json_text(members);
    return response;
}

/// What both the event and its dry run do; `submit` is Work::submit or Reader::try_submit.
template <class Submit>
Result<Response> answer_event(const Visit& visit, Reader& reader, Submit submit) {
    SILLAGE_TRY(const auto body, read_members(visit.request, event_members()));
    SILLAGE_TRY(const auto loaded, open_instance(visit, reader, visit.request.path_parameter("id"),
                                                 Permission::act_on_instance));
    const auto expected = expected_sequence(visit.request, loaded.record);
    const Call call = call_for(visit, loaded);
    if (!expected) {
        return expected.error().code == ErrorCode::stale
                   ? stale_response(reader, expected.error(), loaded, call)
                   : Result<Response>(expected.error());
    }
    SubmitCommand command = submit_command(body);
    command.expected_sequence = expected.value();
    const Result<Receipt> receipt = submit(loaded, command, call);
    if (!receipt) {
        return shown_refusal(receipt.error(), *loaded.definition, call);
    }
    SILLAGE_TRY(const auto children,
                reader.children(receipt.value().after, receipt.value().children));
    return step_response(receipt.value(), call, children);
}

Result<Response> post_event(const Visit& visit, Work& work) {
    return answer_event(visit, work,
                        [&](const Loaded& loaded, const SubmitCommand& command, const Call& call) {
                            return work.submit(loaded, command, call);
                        });
}

Result<Response> try_event(const Visit& visit, Reader& reader) {
    return answer_event(visit, reader,
                        [&](const Loaded& loaded, const SubmitCommand& command, const Call& call) {
                            return reader.try_submit(loaded, command, call);
                        });
}

/// An event, of whom, and who asks about it.
struct Asked {
    const Loaded& loaded;
    const SubmitCommand& command;
    const Call& call;
};

/// What the instance itself refuses, a child to whom it forwards may take: then the explanation
/// says so. Gives the ids of the children that do.
Result<json::array> ask_children(Reader& reader, const Asked& asked, Explanation& explanation) {
    json::array takers;
    if (explanation.accepted || asked.loaded.snapshot.children.empty()) {
        return takers;
    }
    const Result<Receipt> tried = reader.try_submit(asked.loaded, asked.command, asked.call);
    if (!tried) {
        if (tried.error().code == ErrorCode::event_refused) {
            explanation.reasons = tried.error().reasons;
            return takers;
        }
        return tried.error();
    }
    explanation.accepted = true;
    explanation.reasons.clear();
    for (const InstanceRecord& child : tried.value().children) {
        takers.emplace_back(child.id);
    }
    return takers;
}

Result<Response> post_explain(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto body, read_members(visit.request, event_members()));
    SILLAGE_TRY(const auto loaded, open_instance(visit, reader, visit.request.path_parameter("id"),
                                                 Permission::read_instance));
    const Call call = call_for(visit, loaded);
    const SubmitCommand command = submit_command(body);
    Input input = Reader::input_for(loaded, call);
    input.event = Event{.name = command.event, .data = command.data};
    Explanation explanation = explain(*loaded.definition, loaded.snapshot, input);
    SILLAGE_TRY(const json::array takers,
                ask_children(reader, {loaded, command, call}, explanation));
    json::object body_out = explanation_json(*loaded.definition, command.event, explanation, call);
    body_out.emplace("children", takers);
    Response response = json_response(Status::ok, body_out);
    response.headers.add("ETag", etag_of(loaded.record));
    return response;
}

json::object offer_json(const Offer& offer, const Loaded& loaded, const Call& call) {
    const auto form_json = [&](const std::vector<sillage::Field>* form) {
        return form == nullptr ? json::value(nullptr)
                               : json::value(to_json_schema(*form, call.languages));
    };
    Error blocked{.code = ErrorCode::event_refused, .reasons = offer.blockers};
    tell_places(blocked.reasons, *loaded.definition, call);
    json::object out;
    out.emplace("event", offer.event);
    out.emplace("title", offer.title);
    out.emplace("allowed", offer.allowed);
    out.emplace("form", form_json(offer.form));
    if (!offer.forms.empty()) {
        json::array forms;
        for (const auto* form : offer.forms) {
            forms.push_back(form_json(form));
        }
        out.emplace("forms", std::move(forms));
    }
    out.emplace("blockers", blockers_json(blocked));
    return out;
}

Result<Response> get_actions(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto loaded, open_instance(visit, reader, visit.request.path_parameter("id"),
                                                 Permission::read_instance));
    const Call call = call_for(visit, loaded);
    json::array items;
    for (const Offer& offer :
         offers(*loaded.definition, loaded.snapshot, Reader::input_for(loaded, call))) {
        items.push_back(offer_json(offer, loaded, call));
    }
    json::object body;
    body.emplace("items", std::move(items));
    Response response = json_response(Status::ok, body);
    response.headers.add("ETag", etag_of(loaded.record));
    return response;
}

Result<Response> post_resolution(const Visit& visit, Work& work) {
    const std::string& id = visit.request.path_parameter("id");
    SILLAGE_TRY(const auto loaded, open_instance(visit, work, id, Permission::resolve_incident));
    const std::string& text = visit.request.path_parameter("sequence");
    std::uint64_t sequence = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sequence);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return no_such("incident", text);
    }
    const Call call = call_for(visit, loaded);
    SILLAGE_TRY(const auto receipt, work.resolve_incident(loaded, sequence, call));
    SILLAGE_TRY(const auto children, work.children(receipt.after));
    return instance_response(Status::ok, instance_json(receipt.after, call, children),
                             receipt.after.record);
}

}  // namespace

std::vector<Route> event_routes() {
    return {
        {.method = Method::post,
         .pattern = "/v1/instances/{id}/events",
         .permission = Permission::act_on_instance,
         .read = try_event,
         .write = post_event,
         .parameters = {"dry_run"},
         .about = {.id = "send_event",
                   .summary = "Send an event to an instance",
                   .tag = "Instances",
                   .words = "The step is durable before it is answered. A refusal names every "
                            "candidate and what it asked for. With `dry_run` nothing is written.",
                   .headers = {"If-Match", "Accept-Language", "Sillage-On-Behalf-Of"},
                   .body = {.name = "EventInput", .members = event_members},
                   .gives = {{.schema = "StepTaken", .headers = {"ETag"}}},
                   .refuses = {"state", "form", "guard", "incident", "stale"}}},
        {.method = Method::post,
         .pattern = "/v1/instances/{id}/explain",
         .permission = Permission::read_instance,
         .read = post_explain,
         .about = {.id = "explain_event",
                   .summary = "Ask what an event would meet",
                   .tag = "Instances",
                   .words = "For each candidate: what role, form and every clause of its guard "
                            "say. Nothing is written.",
                   .headers = {"Accept-Language", "Sillage-On-Behalf-Of"},
                   .body = {.name = "EventInput", .members = event_members},
                   .gives = {{.schema = "Explanation", .headers = {"ETag"}}},
                   .refuses = {"incident"}}},
        {.method = Method::get,
         .pattern = "/v1/instances/{id}/actions",
         .permission = Permission::read_instance,
         .read = get_actions,
         .about = {.id = "list_actions",
                   .summary = "List the events that the workflow knows here",
                   .tag = "Instances",
                   .words = "Each with its form as a JSON Schema, whether you may send it now, and "
                            "if not, why.",
                   .headers = {"Accept-Language", "Sillage-On-Behalf-Of"},
                   .gives = {{.schema = "Actions", .headers = {"ETag"}}}}},
        {.method = Method::post,
         .pattern = "/v1/instances/{id}/incidents/{sequence}/resolve",
         .permission = Permission::resolve_incident,
         .write = post_resolution,
         .about = {.id = "resolve_incident",
                   .summary = "Let a failed timer run again",
                   .tag = "Instances",
                   .headers = {"Accept-Language", "Sillage-On-Behalf-Of"},
                   .gives = {{.schema = "Instance", .headers = {"ETag"}}},
                   .refuses = {"conflict", "incident"}}}};
}

}  // namespace sillage::server
