#include "server/routes/account_access.hpp"

#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::Case;
using test::World;

namespace {

Account with(std::vector<Binding> bindings) {
    return Account{.id = "acc_x", .bindings = std::move(bindings)};
}

}  // namespace

TEST_SUITE("routes/account_access") {
    TEST_CASE("a manager looks after accounts that lie wholly within the cluster") {
        const Account manager = with({{.role = "manager", .scope = {.cluster = "clu_a"}}});
        const auto may = [&](std::vector<Binding> bindings) {
            return may_manage(manager, with(std::move(bindings)), Permission::write_account, {});
        };

        CHECK(may({{.role = "sme", .scope = {.cluster = "clu_a", .company = "com_a"}}}));
        CHECK_FALSE(may({}));
        CHECK_FALSE(may({{.role = "sme", .scope = {.cluster = "clu_b"}}}));
        CHECK_FALSE(may({{.role = "mentor", .scope = {.cluster = "clu_a"}}, {.role = "mentor"}}));
        CHECK_FALSE(may({{.role = "admin", .scope = {.cluster = "clu_a"}}}));
    }

    TEST_CASE("an administrator's account is an administrator's to look after") {
        const Account network_manager = with({{.role = "manager"}});
        const Account admin = with({{.role = "admin"}});

        CHECK_FALSE(may_manage(network_manager, admin, Permission::write_account, {}));
        CHECK(may_manage(admin, admin, Permission::write_account, {}));
        CHECK(may_manage(admin, with({}), Permission::write_account, {}));
    }

    TEST_CASE("a binding takes effect within the cluster that it follows from") {
        World world;
        world.publish();
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const std::string company = world.company(a, "Exemple");
        const std::string cohort = world.cohort(a);
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");
        const auto roles = [](const std::string& role) {
            return R"({"name":"X","roles":[)" + role + "]}";
        };
        const auto ask = [&](const std::string& role, const std::string& as) {
            return test::Ask{
                .method = "POST", .path = "/v1/accounts", .as = as, .body = roles(role)};
        };

        test::check_cases(
            world,
            {{"a company of one's own",
              ask(R"({"role":"sme","company":")" + company + R"("})", "manager"), 201},
             {"a cohort of one's own",
              ask(R"({"role":"mentor","cohort":")" + cohort + R"("})", "manager"), 201},
             {"another cluster",
              ask(R"({"role":"sme","cluster":")" + b + R"("})", "manager"),
              404,
              {"There is no cluster " + b + ".", "/roles/0"}},
             {"the network", ask(R"({"role":"mentor"})", "manager"), 403, {"within your cluster"}},
             {"an administrator", ask(R"({"role":"admin","cluster":")" + a + R"("})", "manager"),
              403},
             {"the engine", ask(R"({"role":"system"})", "admin"), 403, {"/roles/0/role"}},
             {"no such company", ask(R"({"role":"sme","company":"com_no"})", "admin"), 404},
             {"a company elsewhere",
              ask(R"({"role":"sme","company":")" + company + R"(","cluster":")" + b + R"("})",
                  "admin"),
              400,
              {"do not belong together"}}});
    }

    TEST_CASE("a company's role names its company, a manager's at most a cluster") {
        World world;
        world.publish();
        const std::string cluster = world.cluster("A");
        const std::string company = world.company(cluster, "Exemple");
        const std::string cohort = world.cohort(cluster);
        const std::string instance = world.instance(company, cohort);
        const auto status = [&](const std::string& role, const std::string& scope) {
            const std::string binding = R"({"role":")" + role + R"(")" + scope + "}";
            return world.post("/v1/accounts", R"({"name":"X","roles":[)" + binding + "]}").status;
        };
        const auto in = [](const std::string& kind, const std::string& id) {
            return R"(,")" + kind + R"(":")" + id + R"(")";
        };

        for (const std::string role : {"sme", "company"}) {
            CAPTURE(role);
            CHECK(status(role, in("company", company)) == 201);
            CHECK(status(role, in("instance", instance)) == 201);
            CHECK(status(role, "") == 400);
            CHECK(status(role, in("cluster", cluster)) == 400);
            CHECK(status(role, in("cohort", cohort)) == 400);
        }
        CHECK(status("manager", "") == 201);
        CHECK(status("manager", in("cluster", cluster)) == 201);
        CHECK(status("manager", in("cohort", cohort)) == 400);
        CHECK(status("manager", in("company", company)) == 400);
        CHECK(status("mentor", in("cohort", cohort)) == 201);
        CHECK(status("mentor", in("instance", instance)) == 201);
    }

    TEST_CASE("a manager's binding to a cohort reaches only that manager's companies") {
        World world;
        world.publish();
        const std::string a = world.cluster("A");
        const std::string b = world.cluster("B");
        const std::string cohort = world.cohort(a);
        const std::string own = world.instance(world.company(a, "Own"), cohort);
        const std::string foreign = world.instance(world.company(b, "Foreign"), cohort);
        world.account("manager", R"([{"role":"manager","cluster":")" + a + R"("}])");
        const auto made = world.post(
            "/v1/accounts",
            R"({"name":"M","roles":[{"role":"mentor","cohort":")" + cohort + R"("}]})", "manager");
        const auto token = world.post("/v1/accounts/" + made.text_at("/id") + "/tokens",
                                      R"({"name":"t"})", "manager");

        const std::string mentor = token.text_at("/token");

        CHECK(made.text_at("/roles") == R"([{"role":"mentor","cohort":")" + cohort + R"("}])");
        CHECK(world.get("/v1/instances/" + own, mentor).status == 200);
        CHECK(world.get("/v1/instances/" + foreign, mentor).status == 404);
    }
}
