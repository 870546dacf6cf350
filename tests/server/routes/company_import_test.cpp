#include <algorithm>

#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::Reply;
using test::World;

namespace {

Reply import_once(World& world, const std::string& query, const std::string& csv,
                  const std::string& key) {
    test::Ask ask{.method = "POST",
                  .path = "/v1/companies:import" + query,
                  .body = csv,
                  .content_type = "text/csv"};
    ask.headers.push_back({"Idempotency-Key", key});
    return world.ask(ask);
}

Reply import_into(World& world, const std::string& query, const std::string& csv,
                  const std::string& as = "admin") {
    return world.ask({.method = "POST",
                      .path = "/v1/companies:import" + query,
                      .as = as,
                      .body = csv,
                      .content_type = "text/csv"});
}

std::string outcomes_of(const Reply& reply) {
    std::string outcomes;
    const auto list = reply.at("/outcomes");
    for (const auto& outcome : list.as_array()) {
        outcomes += (outcomes.empty() ? "" : " ") + std::string(outcome.at("outcome").as_string());
    }
    return outcomes;
}

const std::string three =
    "key,name,country,segment,headcount,turnover_eur\n"
    "1,Maison A,FR,packaging,9,1000000\n"
    "2,Maison B,FR,finished_product,18,2400000\n"
    "3,Maison C,FR,research,60,2400000\n";

}  // namespace

TEST_SUITE("routes/company_import") {
    TEST_CASE("each row has its outcome, and one that fails hurts no other") {
        World world;
        const std::string cluster = world.cluster("A");

        const Reply reply = import_into(world, "?cluster=" + cluster, three);

        CHECK(reply.status == 200);
        CHECK(reply.text_at("/counts") == R"({"created":2,"updated":0,"unchanged":0,"failed":1})");
        CHECK(outcomes_of(reply) == "created failed created");
        CHECK(reply.text_at("/outcomes/1/row") == "3");
        CHECK(reply.text_at("/outcomes/1/key") == "2");
        CHECK(reply.text_at("/outcomes/1/problems/0/column") == "segment");
        CHECK(reply.text_at("/outcomes/1/problems/0/message")
                  .ends_with("did you mean \"finished_products\"?"));
        const Reply made = world.get("/v1/companies/" + reply.text_at("/outcomes/2/id"));
        CHECK(made.text_at("/name") == "Maison C");
        CHECK(made.text_at("/sme_class") == "medium");
        CHECK(made.text_at("/cluster") == cluster);
    }

    TEST_CASE("a repeat updates what differs and leaves what is not there") {
        World world;
        const std::string query = "?cluster=" + world.cluster("A");
        const Reply first = import_into(world, query, three);
        const std::string path = "/v1/companies/" + first.text_at("/outcomes/0/id");

        CHECK(outcomes_of(import_into(world, query, three)) == "unchanged failed unchanged");
        CHECK(world.get(path).text_at("/revision") == "1");

        const Reply changed = import_into(world, query, "key,headcount,country\n1,12,\n");
        CHECK(outcomes_of(changed) == "updated");
        CHECK(changed.text_at("/outcomes/0/id") == first.text_at("/outcomes/0/id"));
        const Reply after = world.get(path);
        CHECK(after.text_at("/revision") == "2");
        CHECK(after.text_at("/headcount") == "12");
        CHECK(after.text_at("/country") == "null");
        CHECK(after.text_at("/name") == "Maison A");
        CHECK(after.text_at("/sme_class") == "small");
    }

    TEST_CASE("a dry run tells the same and keeps nothing") {
        World world;
        const std::string cluster = world.cluster("A");

        const Reply preview = import_into(world, "?dry_run=true&cluster=" + cluster, three);

        CHECK(outcomes_of(preview) == "created failed created");
        CHECK(preview.text_at("/dry_run") == "true");
        CHECK(!preview.at("/outcomes/0").as_object().contains("id"));
        CHECK(world.get("/v1/companies").text_at("/items") == "[]");
    }

    TEST_CASE("a cluster is named by its name as well, and another's name is as good as unknown") {
        World world;
        const std::string a = world.cluster("Ours");
        world.cluster("Theirs");
        world.cluster("Twice");
        world.cluster("Twice");
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");
        const std::string csv = "key,cluster,name\n1,,A\n2,Ours,B\n3,Theirs,C\n4,Nobodys,D\n";
        const auto words = [](const Reply& reply, int row) {
            return reply.text_at("/outcomes/" + std::to_string(row) + "/problems/0/message");
        };

        const Reply own = import_into(world, "?cluster=Ours", csv, "manager");
        const Reply all = import_into(world, "?cluster=Twice", csv);

        CHECK(outcomes_of(own) == "created created failed failed");
        CHECK(world.get("/v1/companies/" + own.text_at("/outcomes/1/id")).text_at("/cluster") == a);
        CHECK(words(own, 2) == "There is no cluster Theirs.");
        CHECK(words(own, 3) == "There is no cluster Nobodys.");
        CHECK(outcomes_of(all) == "failed unchanged created failed");
        CHECK(words(all, 0) == "Two clusters have this name; give the id of one.");
    }

    TEST_CASE("rows of another cluster fail as those of an unknown one do") {
        World world;
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const std::string foreign = world.company(b, "Secret");
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");

        const Reply reply = import_into(world, "?cluster=" + a,
                                        "id,key,cluster,name\n"
                                        ",1,,Own\n"
                                        ",1," +
                                            b +
                                            ",Foreign\n"
                                            ",1,clu_no,Unknown\n" +
                                            foreign +
                                            ",9,,Taken\n"
                                            "com_no,9,,Taken\n",
                                        "manager");

        CHECK(outcomes_of(reply) == "created failed failed failed failed");
        const auto message = [&](std::size_t index) {
            return reply.text_at("/outcomes/" + std::to_string(index) + "/problems/0/message");
        };
        CHECK(message(1) == "There is no cluster " + b + ".");
        CHECK(message(2) == "There is no cluster clu_no.");
        CHECK(message(3) == "There is no company " + foreign + " in this cluster.");
        CHECK(message(4) == "Row 5 has the same key already.");
        CHECK(reply.text.find("Secret") == std::string::npos);
    }

    TEST_CASE("who may not write companies may not import them") {
        World world;
        const std::string a = world.cluster("A");
        const std::string own = world.company(a, "Own");
        world.account("sme", R"([{"role":"sme","company":")" + own + R"("}])");
        world.account("auditor", R"([{"role":"auditor"}])");

        CHECK(import_into(world, "?cluster=" + a, three, "sme").status == 403);
        CHECK(import_into(world, "?cluster=" + a, three, "auditor").status == 403);
        CHECK(import_into(world, "?cluster=" + a, three, "").status == 401);
    }

    TEST_CASE("a company is found by its id, which may be given a key") {
        World world;
        const std::string cluster = world.cluster("A");
        const std::string id = world.company(cluster, "Old");
        const std::string query = "?cluster=" + cluster;
        const std::string csv = "id,key,name\n" + id + ",7,New\n";

        CHECK(outcomes_of(import_into(world, query, csv)) == "updated");
        CHECK(outcomes_of(import_into(world, query, csv)) == "unchanged");
        CHECK(world.get("/v1/companies?key=7").text_at("/items/0/id") == id);
        const std::string other = world.company(cluster, "Other");
        const Reply taken = import_into(world, query, "id,key\n" + other + ",7\n");
        CHECK(outcomes_of(taken) == "failed");
        CHECK(taken.text_at("/outcomes/0/problems/0/column") == "key");
    }

    TEST_CASE("a row says what it lacks") {
        World world;
        const std::string cluster = world.cluster("A");

        const Reply no_key = import_into(world, "?cluster=" + cluster, "name\nX\n");
        const Reply no_cluster = import_into(world, "", "key,name\n1,X\n");
        const Reply no_name = import_into(world, "?cluster=" + cluster, "key\n1\n");

        CHECK(no_key.text_at("/outcomes/0/problems/0/column") == "key");
        CHECK(no_key.text_at("/outcomes/0/key") == "null");
        CHECK(no_cluster.text_at("/outcomes/0/problems/0/column") == "cluster");
        CHECK(no_name.text_at("/outcomes/0/problems") ==
              R"([{"column":"name","message":"\"name\" is missing."}])");
    }

    TEST_CASE("JSON items are taken as rows are") {
        World world;
        const std::string cluster = world.cluster("A");
        const auto post = [&](const std::string& items) {
            return world.post("/v1/companies:import?cluster=" + cluster,
                              R"({"items":)" + items + "}");
        };
        const std::string items =
            R"([{"key":"1","name":"A","headcount":3,"turnover_eur":5,"enterprises":)"
            R"([{"name":"H","relation":"partner","share":30}]},)"
            R"({"key":"2","name":"B","enterprises":[{"name":"H","relation":"partner"}]},)"
            R"({"key":3,"name":"C"}])";

        const Reply reply = post(items);

        CHECK(outcomes_of(reply) == "created failed failed");
        CHECK(reply.text_at("/outcomes/0/row") == "1");
        CHECK(reply.text_at("/outcomes/1/problems/0/column") == "enterprises");
        CHECK(reply.text_at("/outcomes/1/problems/0/message").starts_with("/0/share: "));
        CHECK(outcomes_of(post(items)) == "unchanged failed failed");
        CHECK(world.post("/v1/companies:import", R"({"items":1})").status == 400);
        CHECK(world.post("/v1/companies:import", "{").status == 400);
    }

    TEST_CASE("an import of several slices is repeated by its Idempotency-Key") {
        World world;
        const std::string query = "?cluster=" + world.cluster("A");
        std::string csv = "key,name\n";
        for (int i = 0; i < 250; ++i) {
            csv += std::to_string(i) + ",X\n";
        }

        const Reply first = import_once(world, query, csv, "once");
        const Reply again = import_once(world, query, csv, "once");

        CHECK(first.text_at("/counts/created") == "250");
        CHECK(again.header("Idempotency-Replayed") == "true");
        CHECK(again.text == first.text);
        CHECK(import_once(world, query, "key\n1\n", "once").status == 422);
        CHECK(import_into(world, query, csv).text_at("/counts/unchanged") == "250");
    }

    TEST_CASE("an import that the disk ended is told of, and done by a repeat") {
        World world;
        const std::string query = "?cluster=" + world.cluster("A");
        std::string csv = "key,name\n";
        for (int i = 0; i < 250; ++i) {
            csv += std::to_string(i) + ",X\n";
        }

        world.store.room = 1;
        const Reply cut = import_once(world, query, csv, "once");
        world.store.room = std::nullopt;

        CHECK(cut.status == 503);
        CHECK(world.get("/v1/companies?limit=200").at("/items").as_array().size() == 100);
        const Reply again = import_once(world, query, csv, "once");
        CHECK(again.text_at("/counts") ==
              R"({"created":250,"updated":0,"unchanged":0,"failed":0})");
    }
}
