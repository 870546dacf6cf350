#include "server/web/docs.hpp"

#include <string_view>
#include <vector>

#include "server/html/page_frame.hpp"
#include "server/web/docs_schema.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// One line of the document: a method of a path.
struct Operation {
    std::string_view method;
    std::string_view path;
    const json::object& said;

    [[nodiscard]] std::string anchor() const {
        return std::string(said.at("operationId").as_string());
    }
    [[nodiscard]] std::string_view tag() const { return said.at("tags").at(0).as_string(); }
    [[nodiscard]] std::string_view summary() const { return said.at("summary").as_string(); }
};

std::vector<Operation> operations_of(const json::object& document) {
    std::vector<Operation> found;
    for (const auto& [path, methods] : document.at("paths").as_object()) {
        for (const auto& [method, said] : methods.as_object()) {
            found.push_back({method, path, said.as_object()});
        }
    }
    return found;
}

/// What a reference means, or the value itself, which lasts as long as the document.
const json::value& resolved(const json::object& document, json::value&& value) = delete;
const json::value& resolved(const json::object& document, const json::value& value) {
    const json::value* reference = value.as_object().if_contains("$ref");
    if (reference == nullptr) {
        return value;
    }
    const std::string_view path = reference->as_string();
    const std::size_t name = path.rfind('/');
    const std::size_t kind = path.rfind('/', name - 1);
    return document.at("components")
        .at(path.substr(kind + 1, name - kind - 1))
        .at(path.substr(name + 1));
}

std::string text_at(const json::value& object, std::string_view name) {
    const json::value* found = object.as_object().if_contains(name);
    return found == nullptr ? "" : std::string(found->as_string());
}

void add_menu(Html& page, const json::object& document, const std::vector<Operation>& operations) {
    page.open("nav", {{"id", "contents"}, {"aria-label", "Contents"}});
    page.open("p", {{"class", "brand"}}).element("a", "Sillage", {{"href", "#top"}}).close();
    for (const json::value& tag : document.at("tags").as_array()) {
        const std::string_view name = tag.at("name").as_string();
        page.element("h2", name).open("ul");
        for (const Operation& operation : operations) {
            if (operation.tag() == name) {
                page.open("li")
                    .element("a", operation.summary(), {{"href", "#" + operation.anchor()}})
                    .close();
            }
        }
        page.close();
    }
    page.open("p").element("a", "Schemas", {{"href", "#schemas"}}).close().close();
}

void add_parameters(Html& page, const json::object& document, const Operation& operation) {
    const json::array& parameters = operation.said.at("parameters").as_array();
    if (parameters.empty()) {
        return;
    }
    page.element("h4", "Parameters").open("div", {{"class", "wide"}}).open("table").open("tbody");
    for (const json::value& one : parameters) {
        const json::value& parameter = resolved(document, one);
        page.open("tr").open("td").element("code", text_at(parameter, "name"));
        page.element("span", text_at(parameter, "in"), {{"class", "mark"}}).close();
        page.open("td");
        add_type(page, parameter.at("schema"));
        page.close().open("td").prose(text_at(parameter, "description")).close().close();
    }
    page.close().close().close();
}

void add_example(Html& page, const json::value& content) {
    if (const json::value* example = content.as_object().if_contains("example")) {
        page.element(
            "pre", example->is_string() ? std::string(example->get_string()) : indented(*example));
    }
}

void add_body(Html& page, const Operation& operation) {
    const json::value* body = operation.said.if_contains("requestBody");
    if (body == nullptr) {
        return;
    }
    page.element("h4", "Body");
    const json::object& content = body->at("content").as_object();
    page.open("p");
    bool is_first = true;
    for (const auto& kind : content) {
        page.text(is_first ? "" : ", ").element("code", kind.key());
        is_first = false;
    }
    page.text(": ");
    add_type(page, content.begin()->value().at("schema"));
    page.close();
    add_example(page, content.begin()->value());
}

void add_answer(Html& page, const json::object& document, std::string_view status,
                const json::value& given) {
    const json::value& answer = resolved(document, given);
    page.open("tr").open("td").element("b", status).close().open("td");
    const json::value* content = answer.as_object().if_contains("content");
    if (content != nullptr) {
        for (const auto& [type, shape] : content->as_object()) {
            page.open("div");
            add_type(page, shape.at("schema"));
            page.text(" ").element("small", type).close();
        }
    }
    page.close().open("td").prose(text_at(answer, "description")).close().close();
}

/// Those that succeed are shown; what may be refused is folded.
void add_answers(Html& page, const json::object& document, const Operation& operation) {
    const json::object& answers = operation.said.at("responses").as_object();
    const auto add_rows = [&](bool refusals) {
        page.open("div", {{"class", "wide"}}).open("table").open("tbody");
        for (const auto& [status, given] : answers) {
            if ((status[0] >= '4') == refusals) {
                add_answer(page, document, status, given);
            }
        }
        page.close().close().close();
    };
    page.element("h4", "Answers");
    add_rows(false);
    for (const auto& [status, given] : answers) {
        const json::value* content = given.as_object().if_contains("content");
        if (status[0] < '4' && content != nullptr) {
            add_example(page, content->as_object().begin()->value());
        }
    }
    page.open("details").element("summary", "What may be refused");
    add_rows(true);
    page.close();
}

void add_operation(Html& page, const json::object& document, const Operation& operation) {
    const std::string badge = "method " + std::string(operation.method);
    page.open("article", {{"id", operation.anchor()}});
    page.element("h3", operation.summary());
    page.open("p", {{"class", "address"}})
        .element("span", operation.method, {{"class", badge}})
        .element("code", operation.path)
        .close();
    page.prose(text_at(operation.said, "description"));
    add_parameters(page, document, operation);
    add_body(page, operation);
    add_answers(page, document, operation);
    page.close();
}

void add_schemas(Html& page, const json::object& document) {
    page.open("section", {{"id", "schemas"}}).element("h2", "Schemas");
    for (const auto& [name, schema] : document.at("components").at("schemas").as_object()) {
        page.open("article", {{"id", "schema-" + std::string(name)}});
        page.element("h3", name).prose(text_at(schema, "description"));
        add_members(page, schema);
        page.close();
    }
    page.close();
}

}  // namespace

std::string docs_page(const json::object& document) {
    const std::vector<Operation> operations = operations_of(document);
    const json::value& information = document.at("info");
    Html page = page_frame("Sillage: the API");
    page.open("div", {{"class", "sheet"}, {"id", "top"}});
    add_menu(page, document, operations);
    page.open("main").open("header");
    page.element("a", "Contents", {{"class", "to-contents"}, {"href", "#contents"}});
    page.element("h1", "The API")
        .element("p", text_at(information, "summary"), {{"class", "lead"}});
    page.prose(text_at(information, "description"));
    page.open("p", {{"class", "aside"}})
        .text("Version " + text_at(information, "version") + ", as ")
        .element("a", "an OpenAPI 3.1 document", {{"href", "/openapi.json"}})
        .text(".")
        .close()
        .close();
    for (const json::value& tag : document.at("tags").as_array()) {
        page.open("section").element("h2", text_at(tag, "name"));
        page.prose(text_at(tag, "description"));
        for (const Operation& operation : operations) {
            if (operation.tag() == tag.at("name").as_string()) {
                add_operation(page, document, operation);
            }
        }
        page.close();
    }
    add_schemas(page, document);
    return page.finish();
}

}  // namespace sillage::server
