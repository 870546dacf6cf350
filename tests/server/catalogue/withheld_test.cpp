#include "server/catalogue/withheld.hpp"

#include "engine/base/json.hpp"
#include "tests/support/chart.hpp"

using namespace sillage;
using namespace sillage::server;

namespace {

constexpr std::string_view chart = R"(
workflow: emits
version: 1
roles: { sme: {}, jury: {} }
context:
  score: { type: integer, default: 1, visible_to: [jury] }
  plain: { type: integer, default: 2 }
  marks: { type: array, default: [1], visible_to: [jury] }
  nested:
    type: object
    default: { open: 1, shut: 2 }
    properties: { open: { type: integer }, shut: { type: integer, visible_to: [jury] } }
initial: a
states:
  a:
    entry:
      - emit: { type: members, data: { score: "${score}", plain: "${plain}" } }
      - emit: { type: nested, data: { open: "${nested.open}", shut: "${nested.shut}" } }
      - emit: { type: text, data: { line: "It is ${score}.", plain: "It is ${plain}." } }
      - emit: { type: whole, data: "${score}" }
      - emit: { type: list, data: { all: ["${plain}", "${score}"], some: ["${plain}"] } }
      - foreach: { in: marks, as: mark }
        do: [{ emit: { type: loop, data: { mark: "${mark}" } } }]
      - if: "true"
        then: [{ emit: { type: branch, data: { score: "${score}" } } }]
    on:
      go:
        form: { secret: { type: integer, visible_to: [jury] }, open: { type: integer } }
        actions:
          - emit:
              type: form
              data: { secret: "${event.data.secret}", open: "${event.data.open}" }
)";

std::string told_to(const std::string& role, std::string_view type, boost::json::value data) {
    static const auto definition = test::definition_of(chart);
    const Actor reader{.id = "acc_1", .roles = {role}};
    const auto told = told_emit(*definition, type, std::move(data), reader);
    return told ? to_json_text(*told) : "nothing";
}

}  // namespace

TEST_SUITE("catalogue/withheld") {
    TEST_CASE("members that are made of withheld values are left out, for that reader alone") {
        const boost::json::value data{{"score", 1}, {"plain", 2}};

        CHECK(told_to("sme", "members", data) == R"({"plain":2})");
        CHECK(told_to("jury", "members", data) == R"({"score":1,"plain":2})");
        CHECK(told_to("sme", "unknown", data) == R"({"score":1,"plain":2})");
    }

    TEST_CASE("a member of a field may be withheld by itself") {
        CHECK(told_to("sme", "nested", {{"open", 1}, {"shut", 2}}) == R"({"open":1})");
    }

    TEST_CASE("texts, lists, loops and branches are followed") {
        CHECK(told_to("sme", "text", {{"line", "It is 1."}, {"plain", "It is 2."}}) ==
              R"({"plain":"It is 2."})");
        CHECK(told_to("sme", "whole", 1) == "nothing");
        CHECK(told_to("sme", "list", {{"all", {2, 1}}, {"some", {2}}}) == R"({"some":[2]})");
        CHECK(told_to("sme", "loop", {{"mark", 1}}) == "nothing");
        CHECK(told_to("sme", "branch", {{"score", 1}}) == "{}");
    }

    TEST_CASE("an event's data are withheld as its form says") {
        CHECK(told_to("sme", "form", {{"secret", 1}, {"open", 2}}) == R"({"open":2})");
        CHECK(told_to("jury", "form", {{"secret", 1}, {"open", 2}}) == R"({"secret":1,"open":2})");
    }
}
