#include "server/http/router.hpp"

#include <doctest/doctest.h>

#include "server/http/problem.hpp"
#include "tests/support/await.hpp"

namespace sillage::server {

namespace {

/// Answers with the route and what its braces matched.
net::awaitable<Result<Response>> show_match(Request request) {
    std::string text = request.route;
    for (const Field& parameter : request.path_parameters) {
        text += " " + parameter.name + "=" + parameter.value;
    }
    co_return text_response(Status::ok, "text/plain", text);
}

net::awaitable<Result<Response>> refuse(Request) {
    co_return Error{.code = ErrorCode::conflict, .message = "Taken."};
}

net::awaitable<Result<Response>> note_and_refuse(Request& request) {
    request.answer_fields.push_back(Field{"Retry-After", "7"});
    co_return Error{.code = ErrorCode::unavailable, .message = "Not now."};
}

Router small_router() {
    Router router;
    router.add(Method::get, "/v1/workflows/{name}", show_match);
    router.add(Method::get, "/v1/workflows/{name}/versions/{n}", show_match);
    router.add(Method::get, "/v1/workflows/{name}/diagram.svg", show_match);
    router.add(Method::get, "/v1/workflows/special", show_match);
    router.add(Method::post, "/v1/workflows", refuse);
    router.add(Method::del, "/v1/workflows/{name}", show_match);
    return router;
}

Response answer_to(Method method, const std::string& path) {
    const Router router = small_router();
    return test::await(router.answer(Request{.method = method, .path = path}));
}

}  // namespace

TEST_SUITE("http/router") {
    TEST_CASE("a path is matched by its segments, words before parameters") {
        CHECK(answer_to(Method::get, "/v1/workflows/a%20b").body ==
              "/v1/workflows/{name} name=a b");
        CHECK(answer_to(Method::get, "/v1/workflows/a/versions/3").body ==
              "/v1/workflows/{name}/versions/{n} name=a n=3");
        CHECK(answer_to(Method::get, "/v1/workflows/a/diagram.svg").body ==
              "/v1/workflows/{name}/diagram.svg name=a");
        CHECK(answer_to(Method::get, "/v1/workflows/special").body == "/v1/workflows/special");
    }

    TEST_CASE("an encoded slash stays inside its segment") {
        CHECK(answer_to(Method::get, "/v1/workflows/a%2Fdiagram.svg").body ==
              "/v1/workflows/{name} name=a/diagram.svg");
    }

    TEST_CASE("unknown paths are 404 problems") {
        for (const std::string path :
             {"/", "/v1", "/v1/workflows/", "/v1/workflows/a/versions", "/v1//workflows",
              "/v1/workflows/a/", "/v1/../v1/workflows/a", "/V1/workflows/a"}) {
            CAPTURE(path);
            const Response response = answer_to(Method::get, path);
            CHECK(response.status == Status::not_found);
            CHECK(response.headers.find("Content-Type") == "application/problem+json");
        }
    }

    TEST_CASE("a path that cannot be decoded is a 400 problem") {
        CHECK(answer_to(Method::get, "/v1/workflows/%zz").status == Status::bad_request);
        CHECK(answer_to(Method::get, "/v1/workflows/%00").status == Status::bad_request);
    }

    TEST_CASE("a wrong method is told the right ones") {
        const Response response = answer_to(Method::patch, "/v1/workflows/a");

        CHECK(response.status == Status::method_not_allowed);
        CHECK(response.headers.find("Allow") == "GET, HEAD, DELETE, OPTIONS");
        CHECK(response.body.find("/problems/method") != std::string::npos);
        CHECK(answer_to(Method::other, "/v1/workflows").status == Status::method_not_allowed);
        CHECK(answer_to(Method::head, "/v1/workflows").status == Status::method_not_allowed);
    }

    TEST_CASE("HEAD goes where GET goes and OPTIONS names what there is") {
        CHECK(answer_to(Method::head, "/v1/workflows/a").status == Status::ok);

        const Response options = answer_to(Method::options, "/v1/workflows");
        CHECK(options.status == Status::no_content);
        CHECK(options.headers.find("Allow") == "POST, OPTIONS");
        CHECK(answer_to(Method::options, "*").status == Status::no_content);
    }

    TEST_CASE("an error becomes a problem and is reported with its request") {
        Router router = small_router();
        std::string reported;
        router.on_error = [&](const Request& request, const Error& error) {
            reported = request.route + ": " + error.message;
        };

        const Response response =
            test::await(router.answer(Request{.method = Method::post, .path = "/v1/workflows"}));

        CHECK(response.status == Status::conflict);
        CHECK(reported == "/v1/workflows: Taken.");
    }

    TEST_CASE("routes are listed in order") {
        CHECK(small_router().routes() ==
              std::vector<std::string>{
                  "DELETE /v1/workflows/{name}", "GET /v1/workflows/special",
                  "GET /v1/workflows/{name}", "GET /v1/workflows/{name}/diagram.svg",
                  "GET /v1/workflows/{name}/versions/{n}", "POST /v1/workflows"});
    }

    TEST_CASE("what a route notes for its answer is set in a problem, too") {
        Router router;
        router.add(Method::get, "/full", note_and_refuse);

        const Response response =
            test::await(router.answer(Request{.method = Method::get, .path = "/full"}));

        CHECK(response.status == Status::unavailable);
        CHECK(response.headers.find("Retry-After") == "7");
    }

    TEST_CASE("a route may say what its bodies may have, for its own method and paths") {
        Router router;
        const Handler handler = [](Request&) -> net::awaitable<Result<Response>> {
            co_return text_response(Status::ok, "text/plain", "");
        };
        router.add(Method::post, "/things/{id}/file", handler, 7);
        router.add(Method::get, "/things/{id}/file", handler);

        CHECK(router.body_bytes_max(Method::post, "/things/1/file") == 7);
        CHECK(router.body_bytes_max(Method::get, "/things/1/file") == 0);
        CHECK(router.body_bytes_max(Method::post, "/things/1") == 0);
        CHECK(router.body_bytes_max(Method::post, "/things/%zz/file") == 0);
        CHECK(router.largest_body_bytes_max() == 7);
    }
}

}  // namespace sillage::server
