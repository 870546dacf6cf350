#include "server/routes/company_record.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::ok;

namespace {

boost::json::object members_in(std::string_view text) { return ok(parse_json(text)).as_object(); }

}  // namespace

TEST_SUITE("routes/company_record") {
    TEST_CASE("all problems of a company are given, each with its place") {
        auto given = members_in(R"({"cluster":"clu_1","headcount":-1,"segment":"packging",)"
                                R"("enterprises":[{"name":"X","relation":"linked","share":-1}]})");

        std::vector<std::string> pointers;
        for (const SchemaProblem& problem : check_company(given)) {
            pointers.push_back(problem.pointer);
        }

        CHECK(pointers ==
              std::vector<std::string>{"/headcount", "/segment", "/enterprises/0/share", "/name"});
    }

    TEST_CASE("what is kept has every member, and the class that follows from them") {
        auto given = members_in(R"({"cluster":"clu_1","name":"X","headcount":9.0,"founded":null,)"
                                R"("turnover_eur":1e6})");
        REQUIRE(check_company(given).empty());

        const auto body = company_body(given);

        CHECK(to_json_text(body) ==
              R"({"cluster":"clu_1","key":null,"name":"X","country":null,"segment":null,)"
              R"("headcount":9,"turnover_eur":1000000,"balance_sheet_eur":null,"founded":null,)"
              R"("website":null,"attributes":null,"enterprises":null,)"
              R"("earlier_years":null,"sme_class":"micro"})");
    }

    TEST_CASE("the segments are a closed list in the schema, too") {
        const auto schema = to_json_schema(company_members(), {"en"});
        const auto& names = schema.at("properties").at("segment").at("enum").as_array();

        CHECK(names.size() == 12);
        CHECK(std::ranges::find(names, boost::json::value("finished_products")) != names.end());
    }

    TEST_CASE("a key is found in its own cluster only, and none without a key") {
        CHECK(company_lookup("clu_1", "7") != company_lookup("clu_2", "7"));
        CHECK(company_lookup("clu_1", "").empty());
    }
}
