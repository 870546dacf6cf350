#include <algorithm>
#include <charconv>

#include "engine/base/hash.hpp"
#include "engine/formats/diagram.hpp"
#include "engine/formats/outline.hpp"
#include "server/http/text.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

/// Longest language tag. Source: RFC 5646, 4.4.1: enough for any that is in use.
constexpr std::size_t language_characters_max = 35;
/// Digits of a hash that tell pictures apart.
constexpr std::size_t etag_digits = 32;

/// A workflow, or where an instance stands in it, for one reader.
struct Drawing {
    DefinitionPointer definition = nullptr;
    Actor reader = {};
    Audience audience = Audience::outside;
    /// Of the whole workflow.
    std::vector<StateIndex> active = {};
    std::vector<std::string> languages = {};
};

Result<std::vector<std::string>> languages_of(const Request& request) {
    std::vector<std::string> languages = request.languages();
    const auto lang = request.query_parameter("lang");
    if (!lang) {
        return languages;
    }
    const bool is_tag = !lang->empty() && lang->size() <= language_characters_max &&
                        std::ranges::all_of(*lang, [](char c) {
                            return c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                                   (c >= 'a' && c <= 'z');
                        });
    if (!is_tag) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "lang must be a language tag such as fr."};
    }
    languages.insert(languages.begin(), std::string(*lang));
    return languages;
}

Result<std::optional<std::int64_t>> version_of(const Request& request) {
    const auto text = request.query_parameter("version");
    if (!text) {
        return std::optional<std::int64_t>{};
    }
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), version);
    if (error != std::errc{} || end != text->data() + text->size() || version < 1) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "version must be a whole number from 1."};
    }
    return std::optional(version);
}

Drawing drawing_of(const Visit& visit, const Loaded& loaded) {
    const Call call = call_for(visit, loaded);
    Drawing drawing{
        .definition = loaded.definition,
        .reader = call.actor,
        .audience = call.audience,
        .active = {loaded.snapshot.configuration.begin(), loaded.snapshot.configuration.end()}};
    if (loaded.snapshot.ended_in) {
        drawing.active.push_back(*loaded.snapshot.ended_in);
    }
    return drawing;
}

/// A workflow that no instance is asked of: the reader has the roles that it has anywhere.
Drawing drawing_of(const Visit& visit, const DefinitionPointer& definition) {
    const RoleRights rights(*definition);
    Drawing drawing{.definition = definition};
    for (const Binding& binding : visit.account.bindings) {
        drawing.reader.roles.push_back(binding.role);
    }
    if (may_somewhere(visit.account, Permission::know_inside, rights)) {
        drawing.audience = Audience::staff;
    }
    return drawing;
}

Result<Drawing> workflow_drawing(const Visit& visit, Reader& reader) {
    const std::string& name = visit.request.path_parameter("name");
    SILLAGE_TRY(const auto version, version_of(visit.request));
    if (const auto instance = visit.request.query_parameter("instance")) {
        SILLAGE_TRY(const auto loaded,
                    open_instance(visit, reader, *instance, Permission::read_instance));
        if (loaded.record->workflow != name || (version && *version != loaded.record->version)) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "The instance runs another workflow, or another version."};
        }
        return drawing_of(visit, loaded);
    }
    SILLAGE_TRY(const auto record, reader.view().definition(name, version));
    if (!record) {
        return no_such("workflow", version ? name + " version " + std::to_string(*version) : name);
    }
    SILLAGE_TRY(const auto definition, reader.definition(record->name, record->version));
    return drawing_of(visit, definition);
}

Result<Drawing> instance_drawing(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto loaded, open_instance(visit, reader, visit.request.path_parameter("id"),
                                                 Permission::read_instance));
    return drawing_of(visit, loaded);
}

using Find = Result<Drawing> (*)(const Visit&, Reader&);
using Write = std::string (*)(const Definition&, const DiagramOptions&);

/// The diagram in the language of a program that draws it.
Result<std::string> written(const Visit& visit, Reader& reader, Find find, Write write) {
    SILLAGE_TRY(Drawing drawing, find(visit, reader));
    SILLAGE_TRY(drawing.languages, languages_of(visit.request));
    const Outline outline = outline_of(*drawing.definition, drawing.reader, drawing.audience);
    DiagramOptions options{.languages = drawing.languages};
    for (const StateIndex state : drawing.active) {
        options.active.push_back(outline.places[state]);
    }
    return write(outline.definition, options);
}

/// 304 when the client has it. A picture runs nothing and loads nothing, wherever it is shown.
Response picture_response(const Request& request, std::string type, const std::string& text) {
    const std::string etag = "\"" + sha256_hex(text).substr(0, etag_digits) + "\"";
    const auto known = request.headers.find("If-None-Match");
    Response response = text_response(Status::ok, std::move(type), text);
    if (known && known->find(etag) != std::string_view::npos) {
        response.status = Status::not_modified;
        response.body.clear();
    }
    response.headers.add("ETag", etag);
    response.headers.set("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    return response;
}

template <Find find, Write write>
Result<Response> get_text(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto text, written(visit, reader, find, write));
    const std::string type =
        write == to_dot ? "text/vnd.graphviz; charset=utf-8" : "text/plain; charset=utf-8";
    return picture_response(visit.request, type, text);
}

/// What an operator can mend is told to the client without the server's own words for it.
Error not_drawn(const Error& error) {
    return Error{.code = ErrorCode::unavailable,
                 .message = error.code == ErrorCode::limit_exceeded
                                ? "The diagram takes too long to draw, or is too large."
                                : "This server cannot draw diagrams now; it may lack Graphviz. "
                                  "With .dot or .mmd in place of .svg you can draw it yourself."};
}

template <Find find>
Result<std::string> graph_for(Runtime& runtime, const Arrival& arrival) {
    SILLAGE_TRY(const AccountPointer account, enter(runtime, arrival));
    const Visit visit{
        .services = arrival.services, .request = arrival.request, .account = *account};
    return runtime.read([&](Reader& reader) { return written(visit, reader, find, to_dot); });
}

template <Find find>
net::awaitable<Result<Response>> get_svg(const Arrival& arrival) {
    auto prepare = [&](Runtime& runtime) { return graph_for<find>(runtime, arrival); };
    SILLAGE_CO_TRY(const std::string graph, co_await arrival.services.gate.run(prepare));
    auto drawn = arrival.services.layouts->svg(graph);
    const Result<Layouts::Picture> picture = co_await std::move(drawn);
    if (!picture) {
        co_return not_drawn(picture.error());
    }
    co_return picture_response(arrival.request, "image/svg+xml", *picture.value());
}

/// A kind of diagram in the table; what it is about is told once for all six.
struct Picture {
    std::string_view id = {};
    std::string_view summary = {};
    std::string_view media_type = {};
};

Description description_of(std::string_view tag, const Picture& picture) {
    return {
        .id = picture.id,
        .summary = picture.summary,
        .tag = tag,
        .words =
            "As you are told of it: outsiders see no hidden states. SVG is drawn by "
            "Graphviz; where the server lacks it, take DOT or Mermaid.",
        .headers = {"Accept-Language", "If-None-Match"},
        .gives = {{.headers = {"ETag", "Content-Security-Policy"},
                   .media_types = {picture.media_type}},
                  {.status = Status::not_modified, .headers = {"ETag", "Content-Security-Policy"}}},
        .refuses = {"not-found"}};
}

Description of_workflow(const Picture& picture) { return description_of("Workflows", picture); }

Description of_instance(const Picture& picture) { return description_of("Instances", picture); }

}  // namespace

std::vector<Route> diagram_routes() {
    const std::vector<std::string_view> for_workflow{"version", "instance", "lang"};
    const std::vector<std::string_view> for_instance{"lang"};
    return {
        {.method = Method::get,
         .pattern = "/v1/workflows/{name}/diagram.svg",
         .permission = Permission::any_account,
         .task = get_svg<workflow_drawing>,
         .parameters = for_workflow,
         .about = of_workflow({"draw_workflow",
                               "Draw a workflow, and where an instance stands in it, as SVG",
                               "image/svg+xml"})},
        {.method = Method::get,
         .pattern = "/v1/workflows/{name}/diagram.mmd",
         .permission = Permission::any_account,
         .read = get_text<workflow_drawing, to_mermaid>,
         .parameters = for_workflow,
         .about = of_workflow({"draw_workflow_in_mermaid",
                               "Write a workflow, and where an instance stands in it, in Mermaid",
                               "text/plain"})},
        {.method = Method::get,
         .pattern = "/v1/workflows/{name}/diagram.dot",
         .permission = Permission::any_account,
         .read = get_text<workflow_drawing, to_dot>,
         .parameters = for_workflow,
         .about = of_workflow({"draw_workflow_in_dot",
                               "Write a workflow, and where an instance stands in it, in DOT",
                               "text/vnd.graphviz"})},
        {.method = Method::get,
         .pattern = "/v1/instances/{id}/diagram.svg",
         .permission = Permission::read_instance,
         .task = get_svg<instance_drawing>,
         .parameters = for_instance,
         .about =
             of_instance({"draw_instance", "Draw where an instance stands in its workflow, as SVG",
                          "image/svg+xml"})},
        {.method = Method::get,
         .pattern = "/v1/instances/{id}/diagram.mmd",
         .permission = Permission::read_instance,
         .read = get_text<instance_drawing, to_mermaid>,
         .parameters = for_instance,
         .about = of_instance({"draw_instance_in_mermaid",
                               "Write where an instance stands in its workflow, in Mermaid",
                               "text/plain"})},
        {.method = Method::get,
         .pattern = "/v1/instances/{id}/diagram.dot",
         .permission = Permission::read_instance,
         .read = get_text<instance_drawing, to_dot>,
         .parameters = for_instance,
         .about = of_instance({"draw_instance_in_dot",
                               "Write where an instance stands in its workflow, in DOT",
                               "text/vnd.graphviz"})}};
}

}  // namespace sillage::server
