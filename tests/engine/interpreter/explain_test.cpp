#include "engine/interpreter/explain.hpp"

#include <algorithm>

#include "tests/support/chart.hpp"

using namespace sillage;
using test::Chart;

namespace {

constexpr auto journey = R"(
workflow: journey
version: 1
roles: { sme: { title: Company }, mentor: { title: Mentor } }
context: { score: { type: integer, default: 10 } }
initial: work
states:
  work:
    initial: draft
    on:
      withdraw: { title: { en: Leave, fr: Quitter }, by: sme, target: gone }
      submit: { by: mentor, target: gone }
      "*": { by: system, target: gone }
    states:
      draft:
        on:
          submit:
            - title: Send
              by: sme
              guard: score >= 60
              otherwise: "Not {score}."
              target: .again
            - by: sme
              form: { why: { type: string, required: true } }
              guard: event.data.why != ''
              target: .again
          note: { by: sme, form: { text: { type: string } } }
          onlysystem: { by: system, target: .again }
        initial: here
        states: { here: {}, again: {} }
  gone: { type: final }
)";

const Offer& offer_of(const std::vector<Offer>& all, std::string_view event) {
    const auto found = std::ranges::find(all, event, &Offer::event);
    REQUIRE(found != all.end());
    return *found;
}

std::vector<Offer> offers_for(const Chart& chart, std::vector<std::string> roles,
                              std::string language = "en") {
    Input input = chart.input;
    input.actor.roles = std::move(roles);
    input.languages = {std::move(language)};
    return offers(*chart.definition, chart.snapshot, input);
}

}  // namespace

TEST_SUITE("interpreter/explain") {
    TEST_CASE("candidates come in the order considered, each with what it asked for") {
        Chart chart(journey);
        chart.input.actor.roles = {"sme"};

        const Explanation explanation =
            explain(*chart.definition, chart.snapshot, chart.with_event("submit"));

        CHECK_FALSE(explanation.accepted);
        REQUIRE(explanation.candidates.size() == 4);
        CHECK(explanation.candidates[0].reasons.at(0).message == "Not 10.");
        CHECK(explanation.candidates[1].reasons.at(0).code == ReasonCode::form);
        CHECK(explanation.candidates[2].reasons.at(0).message == "Only Mentor may do this.");
        CHECK(explanation.candidates[3].reasons.at(0).rule == "system");
    }

    TEST_CASE("each candidate has the verdict of role, form and every clause of its guard") {
        Chart chart(journey);
        chart.input.actor.roles = {"sme"};

        const auto candidates =
            explain(*chart.definition, chart.snapshot, chart.with_event("submit")).candidates;

        const Verdicts& first = candidates.at(0).verdicts;
        CHECK(first.role == RoleVerdict{.asked = {"sme"}, .held = {"sme"}, .ok = true});
        CHECK(first.form->ok);
        REQUIRE(first.guard.size() == 1);
        CHECK(first.guard[0] == ClauseVerdict{.check = "score >= 60",
                                              .ok = false,
                                              .values = {{"score", 10}},
                                              .sentence = "Not 10."});
        CHECK_FALSE(candidates.at(1).verdicts.form->ok);
        CHECK(candidates.at(1).verdicts.form->problems == candidates.at(1).reasons);
        CHECK(candidates.at(2).verdicts.role->asked == std::vector<std::string>{"mentor"});
        CHECK_FALSE(candidates.at(2).verdicts.role->ok);
    }

    TEST_CASE("a clause that cannot be evaluated says why, and later ones are judged too") {
        Chart chart(
            "workflow: t\nversion: 1\ncontext: { n: { type: integer, default: 0 } }\nstates:\n"
            "  a:\n    on:\n      go:\n        guard:\n          - { check: 1 / n > 0 }\n"
            "          - { check: n > 1, otherwise: 'It is {n}.' }\n          - check: n == 0\n");

        const auto verdicts =
            explain(*chart.definition, chart.snapshot, chart.with_event("go")).candidates.at(0);

        const auto& guard = verdicts.verdicts.guard;
        REQUIRE(guard.size() == 3);
        CHECK_FALSE(guard[0].ok.has_value());
        CHECK(guard[0].error == "division by zero");
        CHECK(guard[0].values == boost::json::object{{"n", 0}});
        CHECK(guard[1].sentence == "It is 0.");
        CHECK(guard[2] == ClauseVerdict{.check = "n == 0", .ok = true, .values = {{"n", 0}}});
    }

    TEST_CASE("the candidate that got furthest decides a refusal") {
        Chart chart(journey);
        chart.input.actor.roles = {"sme"};

        const Explanation explanation =
            explain(*chart.definition, chart.snapshot, chart.with_event("submit"));

        REQUIRE(explanation.reasons.size() == 4);
        CHECK(explanation.reasons[0].code == ReasonCode::guard);
        CHECK(explanation.reasons[0].rule == "score >= 60");
        CHECK(explanation.reasons[0].values == boost::json::object{{"score", 10}});
        CHECK(explanation.reasons[0].state == "work.draft");
        CHECK(explanation.reasons == test::error_of(chart.try_send("submit")).reasons);
    }

    TEST_CASE("every event named in an active state or above is offered, allowed or not") {
        const auto all = offers_for(Chart(journey), {"mentor"});

        std::vector<std::string> events;
        for (const Offer& offer : all) {
            events.push_back(offer.event);
        }
        CHECK(events == std::vector<std::string>{"withdraw", "submit", "note", "onlysystem"});
        CHECK(offer_of(all, "submit").allowed);
        CHECK_FALSE(offer_of(all, "withdraw").allowed);
        CHECK(offer_of(all, "withdraw").blockers.at(0).code == ReasonCode::role);
        CHECK_FALSE(offer_of(all, "onlysystem").allowed);
    }

    TEST_CASE("an offer has the title and form of the first candidate its reader may take") {
        const Chart chart(journey);

        const auto all = offers_for(chart, {"sme"}, "fr");

        CHECK(offer_of(all, "withdraw").title == "Quitter");
        CHECK(offer_of(all, "withdraw").form == nullptr);
        REQUIRE(offer_of(all, "submit").form != nullptr);
        CHECK(offer_of(all, "submit").form->at(0).name == "why");
        CHECK(offer_of(all, "note").form->at(0).name == "text");
        CHECK(offer_of(all, "note").title == "note");
    }

    TEST_CASE("the engine's own sentences follow the reader's language") {
        Chart chart(journey);
        chart.input.languages = {"fr-BE"};
        const auto sentences = [&](const std::string& role, const char* event) {
            chart.input.actor.roles = {role};
            std::vector<std::string> found;
            for (const Reason& reason :
                 explain(*chart.definition, chart.snapshot, chart.with_event(event)).reasons) {
                found.push_back(reason.message);
            }
            return found;
        };

        CHECK(sentences("mentor", "note") ==
              std::vector<std::string>{"Réservé au rôle Company.",
                                       "Seul le système le fait, de lui-même."});
        chart.input.languages = {"de"};
        CHECK(sentences("mentor", "note").at(0) == "Only Company may do this.");
    }

    TEST_CASE("an event that nothing waits for is explained in French as well") {
        Chart chart(R"(
workflow: pair
version: 1
roles: { sme: {}, mentor: {} }
context: { score: { type: integer, default: 10 } }
initial: draft
states:
  draft:
    on:
      submit: { by: sme, guard: score >= 60, target: gone }
      note: { by: [sme, mentor], target: gone }
  gone: { type: final }
)");
        chart.input.languages = {"fr"};
        chart.input.actor.roles = {"sme"};
        const auto sentence = [&](const char* event) {
            return explain(*chart.definition, chart.snapshot, chart.with_event(event))
                .reasons.at(0)
                .message;
        };

        CHECK(sentence("submit") == "La règle « score >= 60 » n'est pas remplie : score vaut 10.");
        CHECK(sentence("submitt") ==
              "Aucun état actif n'attend l'événement « submitt » ; vouliez-vous dire « submit » ?");
        CHECK(sentence("approve") ==
              "Aucun état actif n'attend l'événement « approve » ; il y a submit, note.");
        chart.input.actor.roles = {};
        CHECK(sentence("note") == "Réservé aux rôles sme ou mentor.");
    }

    TEST_CASE("after the end nothing is offered, also of what the root waits for") {
        Chart chart(R"(
workflow: short
version: 1
roles: { sme: {} }
initial: work
on: { note: { by: sme } }
states:
  work: { on: { leave: { by: sme, target: gone } } }
  gone: { type: final }
)");
        CHECK(offers_for(chart, {"sme"}).size() == 2);

        chart.send("leave");

        CHECK(offers_for(chart, {"sme"}).empty());
    }

    TEST_CASE("after the end every event comes too late") {
        Chart chart(journey);
        chart.send("withdraw");

        const Explanation explanation =
            explain(*chart.definition, chart.snapshot, chart.with_event("withdraw"));

        CHECK_FALSE(explanation.accepted);
        CHECK(explanation.reasons.at(0).message ==
              "This has ended; the event \"withdraw\" comes too late.");
        CHECK(offers(*chart.definition, chart.snapshot, chart.input).empty());
    }
}
