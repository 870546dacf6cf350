#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

constexpr auto evaluation = R"(
workflow: evaluation
version: 2
title: { en: The call, fr: L'appel }
roles: { sme: {}, evaluator: {}, manager: {} }
initial: open
states:
  open:
    title: { en: Open, fr: Ouvert }
    initial: reading
    states:
      reading:
        title: Reading
        title_for: { sme: Being read }
        on: { sign: { by: evaluator, target: quarrel } }
      quarrel: { title: Quarrel, tags: [hidden], on: { settle: { by: evaluator, target: closed } } }
  closed: { type: final, title: Closed }
)";

struct Drawn {
    World world;
    std::string instance;
    std::string company;

    Drawn() {
        CHECK(world
                  .ask({.method = "POST",
                        .path = "/v1/workflows",
                        .body = evaluation,
                        .content_type = "application/yaml"})
                  .status == 201);
        const std::string cluster = world.cluster("A");
        company = world.company(cluster, "Maison");
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        world.account("eva", R"([{"role":"evaluator","cluster":")" + cluster + R"("}])");
        instance = world
                       .post("/v1/instances",
                             R"({"workflow":"evaluation","company":")" + company + R"("})")
                       .text_at("/id");
        world.step(instance, "eva", "sign");
    }
    std::string of_workflow(const std::string& rest) const {
        return "/v1/workflows/evaluation/diagram" + rest;
    }
    std::string of_instance(const std::string& rest) const {
        return "/v1/instances/" + instance + "/diagram" + rest;
    }
};

bool has(const Reply& reply, std::string_view text) {
    return reply.text.find(text) != std::string::npos;
}

}  // namespace

TEST_SUITE("routes/diagrams") {
    TEST_CASE("a workflow is drawn in three ways, in the reader's language") {
        Drawn drawn;
        const Reply svg = drawn.world.get(drawn.of_workflow(".svg"), "eva");
        const Reply dot = drawn.world.get(drawn.of_workflow(".dot?lang=fr&version=2"), "eva");
        const Reply mermaid = drawn.world.get(drawn.of_workflow(".mmd"), "eva");

        CHECK(svg.status == 200);
        CHECK(svg.header("Content-Type") == "image/svg+xml");
        CHECK(has(svg, "</svg>"));
        CHECK(has(svg, "Quarrel"));
        CHECK(dot.text.starts_with("digraph"));
        CHECK(has(dot, "Ouvert"));
        CHECK(has(mermaid, "stateDiagram-v2"));
    }

    TEST_CASE("an instance's diagram marks where it stands") {
        Drawn drawn;

        for (const auto* format : {".svg", ".dot", ".mmd"}) {
            CAPTURE(format);
            const Reply plain = drawn.world.get(drawn.of_workflow(format), "eva");
            const Reply marked = drawn.world.get(drawn.of_instance(format), "eva");
            CHECK(marked.status == 200);
            CHECK(marked.text != plain.text);
            CHECK(drawn.world.get(drawn.of_workflow(format) + "?instance=" + drawn.instance, "eva")
                      .text == marked.text);
        }
    }

    TEST_CASE("TM37: a company's diagram has nothing that is hidden from it") {
        Drawn drawn;

        for (const std::string& path :
             {drawn.of_workflow(".dot"), drawn.of_workflow(".mmd"), drawn.of_workflow(".svg"),
              drawn.of_instance(".dot"), drawn.of_instance(".mmd"), drawn.of_instance(".svg")}) {
            CAPTURE(path);
            const Reply reply = drawn.world.get(path, "ana");
            CHECK(has(reply, "Being"));
            CHECK_FALSE(has(reply, "Quarrel"));
            CHECK_FALSE(has(reply, "settle"));
        }
    }

    TEST_CASE("what is not there, or not for the caller, is not found") {
        Drawn drawn;
        const std::string other = drawn.world.cluster("B");
        drawn.world.account("bob", R"([{"role":"manager","cluster":")" + other + R"("}])");
        const auto status = [&](const std::string& path) {
            return drawn.world.get(path, "bob").status;
        };

        CHECK(status(drawn.of_instance(".svg")) == 404);
        CHECK(status(drawn.of_instance(".dot")) == 404);
        CHECK(status(drawn.of_workflow(".svg?instance=") + drawn.instance) == 404);
        CHECK(status("/v1/workflows/other/diagram.mmd") == 404);
        CHECK(status(drawn.of_workflow(".svg?version=7")) == 404);
        CHECK(status(drawn.of_workflow(".svg?version=x")) == 400);
        CHECK(status(drawn.of_workflow(".svg?lang=%3Cb%3E")) == 400);
        CHECK(drawn.world.get(drawn.of_workflow(".svg?version=1&instance=" + drawn.instance), "eva")
                  .status == 400);
    }

    TEST_CASE("a picture that the client has is not sent again") {
        Drawn drawn;
        const std::string etag = drawn.world.get(drawn.of_instance(".svg"), "eva").header("ETag");

        const Reply again = drawn.world.ask(
            {.path = drawn.of_instance(".svg"), .as = "eva", .headers = {{"If-None-Match", etag}}});

        CHECK(again.status == 304);
        CHECK(again.text.empty());
    }

    TEST_CASE("a server without Graphviz says so") {
        Drawn drawn;
        drawn.world.services.layouts =
            std::make_unique<server::Layouts>(server::LayoutCall{.program = "no-such-dot"});

        const Reply reply = drawn.world.get(drawn.of_workflow(".svg"), "eva");

        CHECK(reply.status == 503);
        CHECK(has(reply, "Graphviz"));
        CHECK_FALSE(has(reply, "no-such-dot"));
    }
}
