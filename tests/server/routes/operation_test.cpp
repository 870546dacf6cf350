#include "server/routes/operation.hpp"

#include "server/routes/members.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
namespace json = boost::json;

namespace {

std::vector<sillage::Field> two_members() {
    return {required(text_member("name")), text_member("note")};
}

Components shared_parts() {
    Components components;
    components.examples.emplace("Problem", json::object{{"title", "x"}});
    return components;
}

}  // namespace

TEST_SUITE("routes/operation") {
    TEST_CASE("the parameters of a pattern are the names within braces") {
        CHECK(parameters_in("/v1/accounts/{id}/tokens/{token}") ==
              std::vector<std::string>{"id", "token"});
        CHECK(parameters_in("/v1/me").empty());
    }

    TEST_CASE("null stands for absence, but not where a member is required") {
        const json::object schema = body_schema(two_members(), false);

        CHECK(schema.at("properties").at("name").at("type") == "string");
        CHECK(schema.at("properties").at("note").at("type") == json::array{"string", "null"});
        CHECK(schema.at("required") == json::array{"name"});
    }

    TEST_CASE("a merge patch needs no member and may not take away a required one") {
        const json::object schema = body_schema(two_members(), true);

        CHECK(!schema.contains("required"));
        CHECK(schema.at("properties").at("name").at("type") == "string");
    }

    TEST_CASE("a route without a description is shown by its address") {
        Components components = shared_parts();
        const Route route{.method = Method::get,
                          .pattern = "/v1/new/{id}",
                          .permission = Permission::any_account};

        const json::object operation = operation_of(route, components);

        CHECK(operation.at("summary") == "GET /v1/new/{id}");
        CHECK(operation.at("responses").as_object().contains("404"));
        CHECK(components.parameters.contains("path.id"));
    }

    TEST_CASE("only a POST takes an Idempotency-Key, and its answers may be replayed") {
        Components components = shared_parts();
        const Route post{
            .method = Method::post,
            .pattern = "/v1/new",
            .permission = Permission::write_company,
            .write = [](const Visit&, Work&) { return Result<Response>(Response{}); },
            .about = {.gives = {{.status = server::Status::created, .schema = "New"}}}};
        Route get = post;
        get.method = Method::get;

        const json::object posting = operation_of(post, components);
        const json::object getting = operation_of(get, components);

        CHECK(posting.at("parameters").as_array().size() == 1);
        CHECK(posting.at("responses")
                  .at("201")
                  .at("headers")
                  .as_object()
                  .contains("Idempotency-Replayed"));
        CHECK(posting.at("responses").as_object().contains("409"));
        CHECK(getting.at("parameters").as_array().empty());
        CHECK(!getting.at("responses").as_object().contains("409"));
    }

    TEST_CASE("a form's members are those of its one media type") {
        Components components = shared_parts();
        const Route route{
            .method = Method::post,
            .pattern = "/new",
            .permission = Permission::open,
            .about = {.body = {.name = "NewForm", .members = two_members, .is_form = true}}};

        const json::object operation = operation_of(route, components);

        CHECK(operation.at("requestBody").at("content") ==
              json::object{{"application/x-www-form-urlencoded",
                            {{"schema", {{"$ref", "#/components/schemas/NewForm"}}}}}});
        CHECK(components.schemas.at("NewForm").at("required") == json::array{"name"});
    }

    TEST_CASE("an answer without a media type has no body") {
        Components components = shared_parts();
        const Route route{.method = Method::get,
                          .pattern = "/gone",
                          .permission = Permission::open,
                          .about = {.gives = {{.status = server::Status::see_other,
                                               .headers = {"Location"},
                                               .media_types = {}}}}};

        const json::object operation = operation_of(route, components);

        CHECK(!operation.at("responses").at("303").as_object().contains("content"));
    }
}
