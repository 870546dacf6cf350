#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

test::Ask publishing(std::string body, std::string as = "admin", std::string query = "") {
    return {.method = "POST",
            .path = "/v1/workflows" + std::move(query),
            .as = std::move(as),
            .body = std::move(body),
            .content_type = "application/yaml"};
}

}  // namespace

TEST_SUITE("routes/workflows") {
    TEST_CASE("a version is published once, and never changes") {
        World world;
        std::string changed = test::export_readiness();
        changed.replace(changed.find("14 days"), 7, "15 days");

        const Reply first = world.ask(publishing(test::export_readiness()));
        const Reply same = world.ask(publishing(test::export_readiness()));
        const Reply other = world.ask(publishing(changed));

        CHECK(first.status == 201);
        CHECK(first.text_at("/name") == "export-readiness");
        CHECK(first.text_at("/version") == "3");
        CHECK(first.text_at("/hash").starts_with("sha256:"));
        CHECK(first.text_at("/warnings") == "[]");
        CHECK(same.status == 200);
        CHECK(same.text == first.text);
        CHECK(other.status == 409);
    }

    TEST_CASE("a file with errors gets all of them, and nothing is published") {
        World world;
        std::string broken = test::export_readiness();
        broken.replace(broken.find("target: review"), 14, "target: reviw ");
        broken.replace(broken.find("score >= 60"), 11, "scor  >= 60");

        for (const auto* query : {"", "?dry_run=true"}) {
            const Reply reply = world.ask(publishing(broken, "admin", query));
            CHECK(reply.status == 422);
            CHECK(reply.header("Content-Type") == "application/problem+json");
            CHECK(reply.text_at("/type") == "/problems/definition");
            CHECK(reply.at("/diagnostics").as_array().size() == 2);
            CHECK(reply.at("/diagnostics/0/line").as_int64() > 30);
            CHECK(reply.text_at("/diagnostics/0/severity") == "error");
        }
        CHECK(world.get("/v1/workflows").text_at("/items") == "[]");
    }

    TEST_CASE("a dry run only checks") {
        World world;

        CHECK(world.ask(publishing(test::export_readiness(), "admin", "?dry_run=true")).status ==
              200);
        CHECK(world.get("/v1/workflows").text_at("/items") == "[]");
        world.publish();
        std::string changed = test::export_readiness();
        changed.replace(changed.find("14 days"), 7, "15 days");
        CHECK(world.ask(publishing(changed, "admin", "?dry_run=true")).status == 409);
    }

    TEST_CASE("a version is read as JSON or as the file it was") {
        World world;
        world.publish();
        world.account("nobody", "[]");
        const auto get = [](std::string path, std::string accept) {
            return test::Ask{.path = "/v1/workflows" + std::move(path),
                             .as = "nobody",
                             .headers = {{"Accept", std::move(accept)}}};
        };

        CHECK(world.ask(get("/export-readiness", "application/yaml")).text ==
              test::export_readiness());
        check_cases(world, {{"the latest",
                             get("/export-readiness", "*/*"),
                             200,
                             {"\"version\":3", "Getting ready"}},
                            {"by number",
                             get("/export-readiness/versions/3", "application/json"),
                             200,
                             {"Europe/Paris"}},
                            {"another number", get("/export-readiness/versions/4", "*/*"), 404},
                            {"no number", get("/export-readiness/versions/x", "*/*"), 404},
                            {"no such workflow", get("/other", "*/*"), 404},
                            {"as a picture", get("/export-readiness", "image/png"), 406},
                            {"the list", get("", "*/*"), 200, {"export-readiness"}}});
    }

    TEST_CASE("managers publish, others do not, and only YAML is taken") {
        World world;
        world.account("manager", R"([{"role":"manager"}])");
        world.account("mentor", R"([{"role":"mentor"}])");
        test::Ask text = publishing(test::export_readiness());
        text.content_type = "text/plain";

        check_cases(world, {{"a mentor", publishing(test::export_readiness(), "mentor"), 403},
                            {"plain text", text, 415},
                            {"nothing", publishing(" "), 422},
                            {"a manager", publishing(test::export_readiness(), "manager"), 201}});
    }
}
