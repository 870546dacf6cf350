#include "engine/cel/subject.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

boost::json::object object(const char* json) { return ok(parse_json(json)).get_object(); }

}  // namespace

TEST_SUITE("cel/subject") {
    TEST_CASE("every field of a company may be null") {
        CHECK(company_type().closed);
        CHECK(std::ranges::all_of(company_type().members,
                                  [](const auto& member) { return member.second.nullable; }));
    }

    TEST_CASE("a company's numbers keep their form") {
        CHECK(to_string(company_value(object(R"({"name":"Orvane","turnover_eur":2400000})"))) ==
              R"({"name": "Orvane", "turnover_eur": 2400000})");
    }

    TEST_CASE("a cohort's dates are timestamps, whether days or instants") {
        CHECK(
            to_string(cohort_value(object(
                R"({"name":"Spring","dates":{"close":"2027-03-15","panel":"2027-04-01T09:00:00Z",)"
                R"("none":null,"odd":5},"settings":{"seats":12}})"))) ==
            R"({"name": "Spring", "dates": {"close": timestamp("2027-03-15T00:00:00Z"), )"
            R"("panel": timestamp("2027-04-01T09:00:00Z"), "none": null, "odd": 5}, )"
            R"("settings": {"seats": 12}})");
    }

    TEST_CASE("an instance without a cohort has empty dates and settings") {
        CHECK(to_string(cohort_value({})) == R"({"dates": {}, "settings": {}})");
    }
}
