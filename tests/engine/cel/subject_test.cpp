#include "engine/cel/subject.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace sillage;

namespace {

std::string member_of(const ValueType& type, std::string_view name) {
    const auto found =
        std::ranges::find(type.members, name, &std::pair<std::string, ValueType>::first);
    return found == type.members.end() ? "none" : to_string(found->second);
}

}  // namespace

TEST_SUITE("cel/subject") {
    TEST_CASE("every field of a company may be null") {
        CHECK(company_type().closed);
        CHECK(std::ranges::all_of(company_type().members,
                                  [](const auto& member) { return member.second.nullable; }));
    }

    TEST_CASE("a company's headcount is an int, its money whatever JSON says") {
        CHECK(member_of(company_type(), "headcount") == "int or null");
        CHECK(member_of(company_type(), "turnover_eur") == "dyn");
        CHECK(member_of(company_type(), "turnover") == "none");
    }

    TEST_CASE("a company's size class is text that may be null") {
        CHECK(member_of(company_type(), "sme_class") == "string or null");
    }

    TEST_CASE("a cohort has dates of any name and settings of any kind") {
        CHECK(member_of(cohort_type(), "dates") == "map(timestamp or null)");
        CHECK(member_of(cohort_type(), "settings") == "map(dyn)");
        CHECK(member_of(cohort_type(), "name") == "string or null");
        CHECK(member_of(cohort_type(), "date") == "none");
    }
}
