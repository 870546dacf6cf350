#include "server/routes/openapi.hpp"

#include <map>

#include "engine/base/assert.hpp"
#include "engine/base/json.hpp"
#include "server/catalogue/event.hpp"
#include "server/catalogue/event_types.hpp"
#include "server/http/text.hpp"
#include "server/routes/operation.hpp"
#include "server/routes/shapes.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

constexpr std::string_view introduction =
    "Companies go through workflows; this is how programs take part. Names are `snake_case`, "
    "instants RFC 3339 in UTC, ids opaque. HEAD is answered wherever GET is.\n\n"
    "Every refusal is `application/problem+json`, its `type` a page of this server. What you may "
    "not know of is answered exactly like what does not exist. A POST with an `Idempotency-Key` "
    "can be repeated safely for seven days. Answers may gain members: ignore those you do not "
    "know.";

json::object information() {
    return {{"title", "Sillage"},
            {"version", SILLAGE_VERSION},
            {"summary", "Export-accelerator programmes as statecharts, over HTTP."},
            {"description", introduction},
            {"contact", json::object{{"name", "Sillage"}, {"url", "https://sillage.dev"}}},
            {"license", json::object{{"name", "Apache-2.0"},
                                     {"url", "https://www.apache.org/licenses/LICENSE-2.0"}}}};
}

Components components_in(json::object& shapes) {
    const auto take = [&](std::string_view name) { return std::move(shapes.at(name).as_object()); };
    return {.schemas = take("schemas"),
            .parameters = take("parameters"),
            .headers = take("headers"),
            .examples = take("examples")};
}

/// Every text that some `$ref` has.
void collect_references(const json::value& value, std::vector<std::string>& found) {
    if (value.is_array()) {
        for (const json::value& item : value.get_array()) {
            collect_references(item, found);
        }
    } else if (value.is_object()) {
        for (const json::key_value_pair& member : value.get_object()) {
            if (member.key() == "$ref") {
                found.emplace_back(member.value().as_string());
            } else {
                collect_references(member.value(), found);
            }
        }
    }
}

/// Leaves what is referred to, from the paths or from what is left.
json::object used_of(json::object all, const json::object& paths) {
    json::object used;
    std::vector<std::string> waiting;
    collect_references(paths, waiting);
    while (!waiting.empty()) {
        const std::string reference = std::move(waiting.back());
        waiting.pop_back();
        const std::vector<std::string_view> parts = split(reference, '/');
        SILLAGE_ASSERT(parts.size() == 4);  // #/components/<kind>/<name>
        json::object& kind = used[parts[2]].is_object() ? used[parts[2]].get_object()
                                                        : used[parts[2]].emplace_object();
        if (!kind.contains(parts[3])) {
            const json::value& meant = all.at(parts[2]).as_object().at(parts[3]);
            collect_references(meant, waiting);
            kind.emplace(parts[3], meant);
        }
    }
    return used;
}

json::object sorted(const json::object& object) {
    std::map<std::string_view, const json::value*> members;
    for (const json::key_value_pair& member : object) {
        members.emplace(member.key(), &member.value());
    }
    json::object out;
    for (const auto& [name, value] : members) {
        out.emplace(name, *value);
    }
    return out;
}

json::object paths_of(const std::vector<Route>& routes, Components& components) {
    std::map<std::string_view, json::object> by_pattern;
    for (const Route& route : routes) {
        by_pattern[route.pattern].emplace(to_lower(name_of(route.method)),
                                          operation_of(route, components));
    }
    json::object paths;
    for (auto& [pattern, operations] : by_pattern) {
        paths.emplace(pattern, std::move(operations));
    }
    return paths;
}

json::object reference(std::string_view name) {
    return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

/// What a receiver of events of that type gets.
json::object webhook_of(const EventType& type) {
    json::object properties;
    properties.emplace("type", json::object{{"const", type.type}});
    properties.emplace("data", reference(type.schema));
    const json::object body{{"allOf", json::array{reference("CloudEvent")}},
                            {"type", "object"},
                            {"properties", std::move(properties)}};
    json::object content;
    content.emplace(cloud_event_media_type, json::object{{"schema", body}});
    json::object post;
    post.emplace("operationId", "receive_" + std::string(type.schema));
    post.emplace("summary", type.summary);
    post.emplace("description",
                 "Sent to whoever subscribes; the live stream carries the same of instances. Any "
                 "2xx says that it has arrived. Every other answer, or none, has it sent again "
                 "under the same id.");
    post.emplace("tags", json::array{"Events"});
    post.emplace("requestBody", json::object{{"required", true}, {"content", content}});
    post.emplace("responses",
                 json::object{{"204", json::object{{"description", "It has arrived."}}}});
    return {{"post", std::move(post)}};
}

json::object webhooks() {
    json::object all;
    for (const EventType& type : event_types()) {
        all.emplace(type.type, webhook_of(type));
    }
    return all;
}

/// The components that paths and webhooks refer to.
json::object all_of(Components components, const json::object& paths) {
    json::object used = used_of({{"schemas", std::move(components.schemas)},
                                 {"parameters", std::move(components.parameters)},
                                 {"headers", std::move(components.headers)},
                                 {"responses", std::move(components.responses)}},
                                paths);
    for (json::key_value_pair& kind : used) {
        kind.value() = sorted(kind.value().get_object());
    }
    used.emplace("securitySchemes",
                 json::object{{"bearer", json::object{{"type", "http"},
                                                      {"scheme", "bearer"},
                                                      {"description", "A token, `sil_…`."}}}});
    return used;
}

}  // namespace

json::object openapi_document(const std::vector<Route>& routes) {
    auto parsed = parse_json(shapes_text);
    SILLAGE_ASSERT(parsed.has_value() && parsed.value().is_object());
    json::object& shapes = parsed.value().get_object();
    Components components = components_in(shapes);
    json::object paths = paths_of(routes, components);
    json::object hooks = webhooks();
    const json::object readers{{"paths", paths}, {"webhooks", hooks}};
    json::object shared = all_of(std::move(components), readers);
    return {{"openapi", "3.1.0"},
            {"info", information()},
            {"servers", json::array{json::object{{"url", "/"}, {"description", "This server"}}}},
            {"tags", shapes.at("tags")},
            {"security", json::array{json::object{{"bearer", json::array()}}}},
            {"paths", std::move(paths)},
            {"webhooks", std::move(hooks)},
            {"components", std::move(shared)}};
}

}  // namespace sillage::server
