#include "server/routes/operation.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/schema/check.hpp"
#include "server/http/problem.hpp"
#include "server/routes/form.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// What HTTP itself and the limits may refuse, whatever the route is.
constexpr std::string_view of_every_route[] = {
    "bad-request",  "timeout",           "too-large", "uri-too-long",
    "expectation",  "headers-too-large", "internal",  "unavailable",
    "storage-full", "not-implemented",   "version"};

json::object reference(std::string_view kind, std::string_view name) {
    return {{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}};
}

bool is_secured(const Route& route) { return route.permission != Permission::open; }

bool keeps_answers(const Route& route) {
    return is_secured(route) && route.method == Method::post && route.keeps_answer &&
           (route.write != nullptr || route.task != nullptr);
}

/// The problems that a route may answer with: codes by status.
std::map<Status, std::set<std::string_view>> problems_of(const Route& route) {
    std::map<Status, std::set<std::string_view>> found;
    const auto add = [&](std::string_view code) { found[problem_named(code).status].insert(code); };
    std::ranges::for_each(of_every_route, add);
    std::ranges::for_each(route.about.refuses, add);
    if (is_secured(route)) {
        add("unauthorized");
        add("rate-limit");
        add("role");
    }
    if (route.pattern.find('{') != std::string_view::npos) {
        add("not-found");
    }
    if (!route.about.body.name.empty()) {
        add("media-type");
    }
    if (keeps_answers(route)) {
        add("in-progress");
        add("idempotency");
    }
    return found;
}

std::vector<std::string_view> headers_with(Status status) {
    std::vector<std::string_view> names{"X-Request-Id", "RateLimit-Policy", "RateLimit",
                                        "Sillage-Sandbox"};
    if (status == Status::unauthorized) {
        names.emplace_back("WWW-Authenticate");
    }
    if (status == Status::too_many_requests || status == Status::unavailable ||
        status == Status::conflict) {
        names.emplace_back("Retry-After");
    }
    if (status == Status::forbidden || status == Status::conflict ||
        status == Status::precondition_failed || status == Status::unprocessable) {
        names.emplace_back("Idempotency-Replayed");
    }
    return names;
}

json::object headers_object(const std::vector<std::string_view>& names) {
    json::object headers;
    for (const std::string_view name : names) {
        headers.emplace(name, reference("headers", name));
    }
    return headers;
}

/// Routes that refuse alike share one response object. Ex. `conflict-in-progress`.
json::object problem_response(Status status, const std::set<std::string_view>& codes,
                              Components& components) {
    std::string name;
    std::string words;
    for (const std::string_view code : codes) {
        name += (name.empty() ? "" : "-") + std::string(code);
        words += (words.empty() ? "" : " ") + std::string(problem_named(code).title) + " (`" +
                 std::string(code) + "`).";
    }
    json::object content{{"schema", reference("schemas", "Problem")}};
    if (codes.contains("guard")) {
        content.emplace("example", components.examples.at("Problem"));
    }
    components.responses.emplace(
        name, json::object{{"description", words},
                           {"headers", headers_object(headers_with(status))},
                           {"content", json::object{{"application/problem+json", content}}}});
    return reference("responses", name);
}

/// The schema of pages of such things, among the components from then on.
std::string page_schema(std::string_view item, Components& components) {
    std::string name = std::string(item) + "Page";
    components.schemas.emplace(
        name,
        json::object{
            {"type", "object"},
            {"required", json::array{"items", "next_cursor"}},
            {"properties",
             json::object{
                 {"items", json::object{{"type", "array"}, {"items", reference("schemas", item)}}},
                 {"next_cursor", json::object{{"type", json::array{"string", "null"}}}}}}});
    return name;
}

json::object content_of(const GivenAnswer& given, Components& components) {
    json::object content;
    for (const std::string_view type : given.media_types) {
        json::object shape{{"schema", json::object{{"type", "string"}}}};
        if (!given.schema.empty() && type == "application/json") {
            shape["schema"] =
                reference("schemas", given.is_page ? page_schema(given.schema, components)
                                                   : std::string(given.schema));
            const json::value* example = components.examples.if_contains(given.schema);
            if (example != nullptr) {
                shape.emplace("example", given.is_page ? json::value(json::object{
                                                             {"items", json::array{*example}},
                                                             {"next_cursor", nullptr}})
                                                       : *example);
            }
        }
        if (type == "text/event-stream") {  // no word of the schema language tells of messages
            shape["schema"] = json::object{{"type", "string"},
                                           {"contentMediaType", "application/json"},
                                           {"contentSchema", reference("schemas", given.schema)}};
        }
        content.emplace(type, std::move(shape));
    }
    return content;
}

json::object answer_of(const Route& route, const GivenAnswer& given, Components& components) {
    std::vector<std::string_view> headers{"X-Request-Id", "Cache-Control", "Sillage-Sandbox"};
    if (is_secured(route)) {
        headers.insert(headers.end(), {"Vary", "RateLimit-Policy", "RateLimit"});
    }
    if (keeps_answers(route)) {
        headers.emplace_back("Idempotency-Replayed");
    }
    headers.insert(headers.end(), given.headers.begin(), given.headers.end());
    json::object answer{{"description", phrase_of(given.status)},
                        {"headers", headers_object(headers)}};
    const bool has_body = !given.media_types.empty() && given.status != Status::no_content &&
                          given.status != Status::not_modified;
    if (has_body) {
        answer.emplace("content", content_of(given, components));
    }
    return answer;
}

json::object answers_of(const Route& route, Components& components) {
    std::map<std::string, json::object> by_status;
    for (const GivenAnswer& given : route.about.gives) {
        by_status.emplace(std::to_string(static_cast<int>(given.status)),
                          answer_of(route, given, components));
    }
    for (const auto& [status, codes] : problems_of(route)) {
        by_status.emplace(std::to_string(static_cast<int>(status)),
                          problem_response(status, codes, components));
    }
    json::object answers;
    for (auto& [status, answer] : by_status) {
        answers.emplace(status, std::move(answer));
    }
    return answers;
}

/// A parameter that shapes.json does not know is text.
void add_parameter(json::array& parameters, const std::string& key, json::object otherwise,
                   Components& components) {
    components.parameters.emplace(key, std::move(otherwise));
    // `{` and `}` may not stand in the name of a component.
    std::string name = key;
    if (name.starts_with('{')) {
        name = "path." + name.substr(1, name.size() - 2);
        components.parameters.emplace(name, components.parameters.at(key));
    }
    parameters.push_back(reference("parameters", name));
}

json::object plain_parameter(std::string_view name, std::string_view place) {
    json::object out{{"name", name}, {"in", place}, {"schema", json::object{{"type", "string"}}}};
    if (place == "path") {
        out.emplace("required", true);
    }
    return out;
}

json::array parameters_of(const Route& route, Components& components) {
    json::array parameters;
    for (const std::string& name : parameters_in(route.pattern)) {
        add_parameter(parameters, "{" + name + "}", plain_parameter(name, "path"), components);
    }
    for (const std::string_view name : route.parameters) {
        // What a name means on one route alone stands under the route's id.
        const std::string own = std::string(route.about.id) + "." + std::string(name);
        add_parameter(parameters, components.parameters.contains(own) ? own : std::string(name),
                      plain_parameter(name, "query"), components);
    }
    for (const std::string_view name : route.about.headers) {
        add_parameter(parameters, std::string(name), plain_parameter(name, "header"), components);
    }
    if (route.method == Method::post) {
        add_parameter(parameters, "Idempotency-Key", plain_parameter("Idempotency-Key", "header"),
                      components);
    }
    return parameters;
}

json::object asked_body(const Route& route, Components& components) {
    const AskedBody& body = route.about.body;
    const bool is_patch = route.method == Method::patch;
    std::vector<std::string_view> media_types = body.media_types;
    if (body.members != nullptr) {
        const std::string_view as_json =
            is_patch ? "application/merge-patch+json" : "application/json";
        media_types.insert(media_types.begin(), body.is_form ? form_media_type : as_json);
        components.schemas.emplace(body.name, body_schema(body.members(), is_patch));
    }
    json::object content;
    for (const std::string_view type : media_types) {
        if (body.members != nullptr && type != media_types.front()) {
            content.emplace(type, json::object{{"schema", json::object{{"type", "string"}}}});
            continue;
        }
        json::object shape{{"schema", reference("schemas", body.name)}};
        if (const json::value* example = components.examples.if_contains(body.name)) {
            shape.emplace("example", *example);
        }
        content.emplace(type, std::move(shape));
    }
    return {{"required", true}, {"content", std::move(content)}};
}

/// For whom it is, from the table of permissions.
std::string audience_of(const Route& route) {
    if (route.permission == Permission::open) {
        return "Open: without a token.";
    }
    if (route.permission == Permission::any_account) {
        return "For every account; it is shown what it may see.";
    }
    std::string names;
    for (const Right right : rights_granting(route.permission)) {
        names += (names.empty() ? "`" : ", `") + std::string(name_of(right)) + "`";
    }
    return "For accounts that hold one of these rights for the thing: " + names + ".";
}

/// One schema of a member, such that null is taken as absence.
void allow_null(json::object& schema) {
    json::value* type = schema.if_contains("type");
    if (type != nullptr && type->is_string()) {
        const json::value named = *type;
        schema["type"] = json::array{named, "null"};
        if (json::value* values = schema.if_contains("enum")) {
            values->as_array().push_back(nullptr);
        }
    }
}

void allow_nulls(json::object& schema, bool is_patch) {
    json::array required;
    if (const json::value* given = schema.if_contains("required")) {
        required = given->as_array();
    }
    if (is_patch) {
        schema.erase("required");
    }
    json::value* properties = schema.if_contains("properties");
    if (properties == nullptr) {
        return;
    }
    for (json::key_value_pair& property : properties->as_object()) {
        json::object& below = property.value().as_object();
        // A list, and what lies below it, is replaced whole: there members are required again.
        if (json::value* items = below.if_contains("items")) {
            allow_nulls(items->as_object(), false);
        }
        allow_nulls(below, is_patch);
        if (std::ranges::find(required, json::value(property.key())) == required.end()) {
            allow_null(below);
        }
    }
}

}  // namespace

json::object body_schema(const std::vector<sillage::Field>& members, bool is_patch) {
    json::object schema = to_json_schema(members, {});
    schema.erase("$schema");
    allow_nulls(schema, is_patch);
    return schema;
}

std::vector<std::string> parameters_in(std::string_view pattern) {
    std::vector<std::string> names;
    for (std::size_t open = pattern.find('{'); open != std::string_view::npos;
         open = pattern.find('{', open + 1)) {
        names.emplace_back(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
    }
    return names;
}

json::object operation_of(const Route& route, Components& components) {
    const Description& about = route.about;
    const std::string address =
        std::string(name_of(route.method)) + " " + std::string(route.pattern);
    json::object operation{{"operationId", about.id.empty() ? address : about.id},
                           {"summary", about.summary.empty() ? address : about.summary},
                           {"tags", json::array{about.tag.empty() ? "Operation" : about.tag}}};
    operation.emplace("description", about.words.empty()
                                         ? audience_of(route)
                                         : std::string(about.words) + "\n\n" + audience_of(route));
    operation.emplace("parameters", parameters_of(route, components));
    if (!about.body.name.empty()) {
        operation.emplace("requestBody", asked_body(route, components));
    }
    operation.emplace("responses", answers_of(route, components));
    if (!is_secured(route)) {
        operation.emplace("security", json::array());
    }
    return operation;
}

}  // namespace sillage::server
