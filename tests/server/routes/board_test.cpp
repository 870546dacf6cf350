#include "tests/server/routes/world.hpp"

using namespace sillage;
using test::World;

TEST_SUITE("routes/board") {
    TEST_CASE("members stand in their stage, with what they wait for and what may be sent to all") {
        World world;
        world.publish();
        const std::string cluster = world.cluster("A");
        const std::string company = world.company(cluster, "Maison");
        const std::string cohort = world.cohort(cluster);
        world.account("ana", R"([{"role":"sme","company":")" + company + R"("}])");
        world.account("mentor", R"([{"role":"mentor"}])");
        const std::string first = world.instance(company, cohort);
        world.instance(company, cohort);
        world.step(first, "ana", "answer", R"({"score":72})");
        world.step(first, "ana", "submit");

        const auto board = world.get("/v1/cohorts/" + cohort + "/board", "mentor");

        CHECK(board.text_at("/count") == "2");
        CHECK(board.text_at("/stages/0/stage") == "readiness");
        CHECK(board.text_at("/stages/0/title") == "Getting ready");
        CHECK(board.text_at("/stages/0/count") == "2");
        CHECK(board.text_at("/stages/0/overdue") == "0");
        CHECK(board.text_at("/stages/0/members/0/instance") == first);
        CHECK(board.text_at("/stages/0/members/0/company_name") == "Maison");
        CHECK(board.text_at("/stages/0/members/0/waiting_for") == "mentor");
        CHECK(board.text_at("/stages/0/members/0/events") == R"(["approve","return"])");
        CHECK(board.text_at("/stages/0/members/1/waiting_for") == "sme");
        CHECK(board.text_at("/stages/1/stage") == "tracks");
        CHECK(board.text_at("/stages/1/count") == "0");
        CHECK(board.text_at("/events/0") == R"({"event":"approve","title":"approve","count":1})");
        CHECK(world.get("/v1/cohorts/" + cohort + "/board", "ana").status == 403);
    }

    TEST_CASE("a manager sees the board with the companies of the own cluster alone") {
        World world;
        world.publish();
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const std::string cohort = world.cohort(a);
        const std::string own = world.instance(world.company(a, "Own"), cohort);
        const std::string foreign = world.instance(world.company(b, "Foreign"), cohort);
        world.account("of a", R"([{"role":"manager","cluster":")" + a + R"("}])");
        world.account("of b", R"([{"role":"manager","cluster":")" + b + R"("}])");

        const auto board = world.get("/v1/cohorts/" + cohort + "/board", "of a");

        CHECK(board.text.find(own) != std::string::npos);
        CHECK(board.text.find(foreign) == std::string::npos);
        CHECK(world.get("/v1/cohorts/" + cohort + "/board", "of b").status == 404);
        CHECK(world.get("/v1/cohorts/coh_no/board", "of b").status == 404);
    }
}
