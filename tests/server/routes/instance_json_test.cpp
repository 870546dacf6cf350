#include "server/routes/instance_json.hpp"

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;

namespace {

/// A workflow whose form and context keep something from companies.
Definition blind_scores() {
    const Schema secret{.type = SchemaType::integer, .visible_to = {"evaluator"}};
    return Definition{
        .context = {{.name = "total", .schema = secret}},
        .transitions = {{.events = {"score"},
                         .form = std::vector<sillage::Field>{{.name = "points", .schema = secret},
                                                             {.name = "note"}}}}};
}

Call as(std::string role) { return Call{.actor = {.id = "acc_x", .roles = {std::move(role)}}}; }

}  // namespace

TEST_SUITE("routes/instance_json") {
    TEST_CASE("an entry's data is shown to the roles that may see each field") {
        const Definition definition = blind_scores();
        const Entry scored{.event = "score", .data = {{"points", 7}, {"note", "fine"}}};
        const Entry started{.event = "$start", .data = {{"total", 0}}};

        const auto data = [&](const Entry& entry, const std::string& role) {
            return to_json_text(entry_json(definition, entry, as(role), false).at("data"));
        };

        CHECK(data(scored, "evaluator") == R"({"points":7,"note":"fine"})");
        CHECK(data(scored, "sme") == R"({"note":"fine"})");
        CHECK(data(started, "sme") == "{}");
        CHECK(data(started, "evaluator") == R"({"total":0})");
        CHECK(data(Entry{.event = "go"}, "sme") == "{}");
    }

    TEST_CASE("effects are left out unless they are asked for") {
        Entry entry{.event = "go"};
        entry.effects.emplace_back("an effect");

        CHECK_FALSE(entry_json(Definition{}, entry, Call{}, false).contains("effects"));
        CHECK(entry_json(Definition{}, entry, Call{}, true).at("effects").as_array().size() == 1);
    }

    TEST_CASE("the sequence is the entity tag") {
        CHECK(etag_of(InstanceRecord{.sequence = 7}) == "\"7\"");
    }
}
