#include <charconv>

#include "engine/runtime/read_workflow.hpp"
#include "server/http/negotiation.hpp"
#include "server/http/problem.hpp"
#include "server/http/text.hpp"
#include "server/routes/page.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// How diagnostics name a file that came in a body; clients see line and column alone.
constexpr std::string_view body_as_file = "workflow.yaml";

json::array diagnostics_json(const std::vector<Finding>& findings) {
    json::array out;
    for (const Finding& finding : findings) {
        json::object item;
        item.emplace("line", finding.place.line);
        item.emplace("column", finding.place.column);
        item.emplace("severity", finding.severity == Severity::error ? "error" : "warning");
        item.emplace("code", finding.code);
        item.emplace("message", finding.message);
        if (!finding.witness.empty()) {
            item.emplace("witness", finding.witness);
        }
        out.push_back(std::move(item));
    }
    return out;
}

Response definition_refused(const std::vector<Finding>& findings) {
    Error error{.code = ErrorCode::definition_invalid,
                .message = "The workflow has errors; nothing was published."};
    json::object members = problem_json(error);
    members.emplace("diagnostics", diagnostics_json(findings));
    Response response = json_response(Status::unprocessable, members);
    response.headers.set("Content-Type", "application/problem+json");
    return response;
}

json::object published_json(const Definition& definition, const std::vector<Finding>& findings) {
    json::object body;
    body.emplace("name", definition.name);
    body.emplace("version", definition.version);
    body.emplace("hash", definition.hash);
    body.emplace("warnings", diagnostics_json(findings));
    return body;
}

/// The body, when it is sent as YAML, as the same tree in JSON, or as SCXML.
Result<std::string_view> workflow_in(const Request& request) {
    const std::string type = media_type_of(request);
    for (const auto* known :
         {"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/json",
          "application/scxml+xml", "application/xml", "text/xml"}) {
        if (type == known) {
            return std::string_view(request.body);
        }
    }
    return Error{
        .code = ErrorCode::unsupported_media_type,
        .message =
            "Send the workflow with Content-Type: application/yaml or application/scxml+xml."};
}

Result<void> enter_publishing(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    const bool is_allowed = may_somewhere(visit.account, Permission::publish_workflow, rights);
    return check_access(is_allowed ? Access::granted : Access::forbidden, visit.account, "workflow",
                        "");
}

Result<Response> post_workflow(const Visit& visit, Work& work) {
    SILLAGE_TRY(enter_publishing(visit, work));
    SILLAGE_TRY(const auto source, workflow_in(visit.request));
    std::vector<Finding> refused;
    const auto published = work.publish(source, body_as_file, visit.request.now, &refused);
    if (!published) {
        return published.error().code == ErrorCode::definition_invalid
                   ? Result<Response>(definition_refused(refused))
                   : published.error();
    }
    const Definition& definition = *published.value().definition;
    Response response = json_response(published.value().created ? Status::created : Status::ok,
                                      published_json(definition, published.value().findings));
    if (published.value().created) {
        response.headers.add("Location", "/v1/workflows/" + definition.name + "/versions/" +
                                             std::to_string(definition.version));
    }
    return response;
}

/// `?dry_run=true`: everything but the writing.
Result<Response> check_workflow(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(enter_publishing(visit, reader));
    SILLAGE_TRY(const auto source, workflow_in(visit.request));
    const ReadOutcome outcome = read_workflow(source, body_as_file);
    if (!outcome.definition) {
        return definition_refused(outcome.findings);
    }
    const Definition& definition = *outcome.definition;
    SILLAGE_TRY(const auto existing, reader.view().definition(definition.name, definition.version));
    if (existing && existing->hash != definition.hash) {
        return Error{.code = ErrorCode::conflict,
                     .message = definition.name + " version " + std::to_string(definition.version) +
                                " exists with other content; give the file the next version."};
    }
    return json_response(Status::ok, published_json(definition, outcome.findings));
}

json::value text_json(const Text& text) {
    if (text.empty()) {
        return nullptr;
    }
    json::object by_language;
    for (const Text::Variant& variant : text.variants) {
        std::string plain;
        for (const auto& piece : variant.pieces) {
            const auto* literal = std::get_if<std::string>(&piece);
            plain += literal != nullptr ? *literal : "{" + std::get<Expression>(piece).text + "}";
        }
        if (variant.language.empty()) {
            return json::value(plain);
        }
        by_language.emplace(variant.language, plain);
    }
    return by_language;
}

json::object workflow_json(const Definition& definition, Instant published_at) {
    json::array stages;
    for (const StateIndex child : definition.state(root_state).children) {
        const State& state = definition.state(child);
        json::object stage;
        stage.emplace("name", state.name);
        stage.emplace("title", text_json(state.title));
        stages.push_back(std::move(stage));
    }
    json::array roles;
    for (const Role& role : definition.roles) {
        json::object item;
        item.emplace("name", role.name);
        item.emplace("title", text_json(role.title));
        roles.push_back(std::move(item));
    }
    json::object body;
    body.emplace("name", definition.name);
    body.emplace("version", definition.version);
    body.emplace("hash", definition.hash);
    body.emplace("title", text_json(definition.title));
    body.emplace("description", text_json(definition.description));
    body.emplace("timezone", definition.calendar.timezone);
    body.emplace("roles", std::move(roles));
    body.emplace("stages", std::move(stages));
    body.emplace("published_at", to_string(published_at));
    return body;
}

Result<Response> get_workflows(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto page, page_of(visit.request));
    const auto fetch = [&](const std::string& after, std::size_t limit) {
        return reader.view().definitions(after, limit);
    };
    const auto show = [&](const DefinitionRecord& record) -> Result<std::optional<json::value>> {
        SILLAGE_TRY(const auto definition, reader.definition(record.name, record.version));
        return std::optional<json::value>(workflow_json(*definition, record.published_at));
    };
    return collect_page(
        page, fetch, [](const DefinitionRecord& record) { return record.name; }, show);
}

/// One version, as JSON or as the very file that was published.
Result<Response> show_workflow(const Visit& visit, Reader& reader,
                               std::optional<std::int64_t> version) {
    static constexpr std::string_view offered[] = {"application/json", "application/yaml"};
    const std::string& name = visit.request.path_parameter("name");
    SILLAGE_TRY(const auto record, reader.view().definition(name, version));
    if (!record) {
        return no_such("workflow", version ? name + " version " + std::to_string(*version) : name);
    }
    const auto type = choose_media_type(visit.request.headers.find("Accept").value_or(""), offered);
    if (type.empty()) {
        return Error{.code = ErrorCode::not_acceptable,
                     .message = "A workflow is given as application/json or application/yaml."};
    }
    Response response;
    if (type == "application/yaml") {
        response = text_response(Status::ok, "application/yaml", record->source);
    } else {
        SILLAGE_TRY(const auto definition, reader.definition(name, record->version));
        response = json_response(Status::ok, workflow_json(*definition, record->published_at));
    }
    response.headers.add("Vary", vary_by_accept());
    return response;
}

Result<Response> get_workflow(const Visit& visit, Reader& reader) {
    return show_workflow(visit, reader, std::nullopt);
}

Result<Response> get_version(const Visit& visit, Reader& reader) {
    const std::string& text = visit.request.path_parameter("version");
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || end != text.data() + text.size() || version < 1) {
        return no_such("version", text);
    }
    return show_workflow(visit, reader, version);
}

}  // namespace

std::vector<Route> workflow_routes() {
    return {
        {.method = Method::post,
         .pattern = "/v1/workflows",
         .permission = Permission::publish_workflow,
         .read = check_workflow,
         .write = post_workflow,
         .parameters = {"dry_run"},
         .about = {.id = "publish_workflow",
                   .summary = "Publish a version of a workflow",
                   .tag = "Workflows",
                   .words =
                       "The same content again is answered 200. With `dry_run` it is only checked.",
                   .body = {.name = "WorkflowText",
                            .media_types = {"application/yaml", "application/json",
                                            "application/scxml+xml"}},
                   .gives = {{.schema = "Published"},
                             {.status = Status::created,
                              .schema = "Published",
                              .headers = {"Location"}}},
                   .refuses = {"conflict", "definition"}}},
        {.method = Method::get,
         .pattern = "/v1/workflows",
         .permission = Permission::any_account,
         .read = get_workflows,
         .parameters = {"cursor", "limit"},
         .about = {.id = "list_workflows",
                   .summary = "List the latest version of every workflow",
                   .tag = "Workflows",
                   .gives = {{.schema = "Workflow", .is_page = true}}}},
        {.method = Method::get,
         .pattern = "/v1/workflows/{name}",
         .permission = Permission::any_account,
         .read = get_workflow,
         .about = {.id = "read_workflow",
                   .summary = "Read the latest version of a workflow",
                   .tag = "Workflows",
                   .words = "As JSON, or as the file that was published.",
                   .gives = {{.schema = "Workflow",
                              .headers = {"Vary"},
                              .media_types = {"application/json", "application/yaml"}}},
                   .refuses = {"not-acceptable"}}},
        {.method = Method::get,
         .pattern = "/v1/workflows/{name}/versions/{version}",
         .permission = Permission::any_account,
         .read = get_version,
         .about = {.id = "read_workflow_version",
                   .summary = "Read a version of a workflow",
                   .tag = "Workflows",
                   .words = "As JSON, or as the file that was published.",
                   .gives = {{.schema = "Workflow",
                              .headers = {"Vary"},
                              .media_types = {"application/json", "application/yaml"}}},
                   .refuses = {"not-acceptable"}}}};
}

}  // namespace sillage::server
