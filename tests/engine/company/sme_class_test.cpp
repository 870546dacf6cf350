#include "engine/company/sme_class.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

struct Row {
    SizeFigures own;
    /// Empty: none can be told.
    std::string size;
    std::vector<RelatedEnterprise> others = {};
};

std::string size_of(const Row& row) {
    const auto size = sme_class(row.own, row.others);
    return size ? std::string(name_of(*size)) : "";
}

void check(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        CAPTURE(&row - rows.data());
        CHECK(size_of(row) == row.size);
    }
}

std::string size_of_json(std::string_view text) {
    const auto size = sme_class_of(ok(parse_json(text)).as_object());
    return size ? std::string(name_of(*size)) : "";
}

constexpr double far = 1e12;

}  // namespace

TEST_SUITE("company/sme_class") {
    TEST_CASE("the headcount stays below the ceiling of its class") {
        check({{{0, 0, 0}, "micro"},
               {{9, 0, 0}, "micro"},
               {{10, 0, 0}, "small"},
               {{49, 0, 0}, "small"},
               {{50, 0, 0}, "medium"},
               {{249, 0, 0}, "medium"},
               {{250, 0, 0}, "small_mid_cap"},
               {{749, 0, 0}, "small_mid_cap"},
               {{750, 0, 0}, "large"}});
    }

    TEST_CASE("the turnover may reach the ceiling, when the balance sheet is beyond its own") {
        check({{{1, 2'000'000, far}, "micro"},
               {{1, 2'000'000.01, far}, "small"},
               {{1, 10'000'000, far}, "small"},
               {{1, 10'000'000.01, far}, "medium"},
               {{1, 50'000'000, far}, "medium"},
               {{1, 50'000'000.01, far}, "small_mid_cap"},
               {{1, 150'000'000, far}, "small_mid_cap"},
               {{1, 150'000'000.01, far}, "large"}});
    }

    TEST_CASE("the balance sheet may reach the ceiling, when the turnover is beyond its own") {
        check({{{1, far, 2'000'000}, "micro"},
               {{1, far, 2'000'000.01}, "small"},
               {{1, far, 10'000'000}, "small"},
               {{1, far, 10'000'000.01}, "medium"},
               {{1, far, 43'000'000}, "medium"},
               {{1, far, 43'000'000.01}, "small_mid_cap"},
               {{1, far, 129'000'000}, "small_mid_cap"},
               {{1, far, 129'000'000.01}, "large"}});
    }

    TEST_CASE("without a figure there is a class only if that figure cannot change it") {
        check({{{}, ""},
               {{{}, 1'000'000, 1'000'000}, ""},
               {{9, {}, {}}, ""},
               {{9, 1'000'000, {}}, "micro"},
               {{9, {}, 1'000'000}, "micro"},
               {{9, 3'000'000, {}}, ""},
               {{18, 2'400'000, {}}, "small"},
               {{18, {}, 12'000'000}, ""},
               {{800, {}, {}}, "large"}});
    }

    TEST_CASE("of a partner its share is added, from 25 percent on") {
        const SizeFigures own{8, 1'000'000, 1'000'000};
        const auto held = [&](double share, SizeFigures figures) {
            return std::vector{RelatedEnterprise{Relation::partner, share, figures}};
        };
        check({{own, "micro", held(24.99, {1000, far, far})},
               {own, "small", held(25, {8, 0, 0})},
               {own, "micro", held(25, {7, 0, 0})},
               {own, "small", held(50, {4, 0, 0})},
               {own, "micro", held(30, {0, 3'333'333, far})},
               {own, "small", held(30, {0, 3'333'334, far})},
               {own, "micro", held(33.33, {0, 3'000'300, far})},
               {own, "", held(30, {})},
               {own, "micro", held(10, {})}});
    }

    TEST_CASE("a linked enterprise is added whole, and several add up") {
        const RelatedEnterprise linked{Relation::linked, 0, {30, 5'000'000, 5'000'000}};
        const RelatedEnterprise partner{Relation::partner, 40, {25, 2'500'000, 2'500'000}};
        check({{{10, 4'000'000, 4'000'000}, "small", {linked}},
               {{20, 4'000'000, 4'000'000}, "medium", {linked}},
               {{9, 4'000'000, 4'000'000}, "small", {linked, partner}},
               {{10, 4'000'000, 4'000'000}, "medium", {linked, partner}},
               {{9, 4'000'001, 4'000'000}, "small", {linked, partner}},
               {{9, 4'000'001, 4'000'001}, "medium", {linked, partner}}});
    }

    TEST_CASE("a public body that holds a quarter makes it no SME, whatever its figures") {
        const auto held = [](double share) {
            return std::vector{RelatedEnterprise{Relation::public_body, share, {}}};
        };
        check({{{1, 1, 1}, "micro", held(24.99)},
               {{1, 1, 1}, "large", held(25)},
               {{}, "large", held(100)}});
    }

    TEST_CASE("another country's rules give other classes") {
        const std::vector<SizeCeilings> ceilings{{SmeClass::small, 100, 5, 5}};
        const SizeRules rules{.ceilings = ceilings, .share_percent_min = 20};
        const std::vector<RelatedEnterprise> others{{Relation::partner, 20, {50, 0, 0}}};

        CHECK(sme_class({89, 5, 6}, others, rules) == SmeClass::small);
        CHECK(sme_class({90, 5, 6}, others, rules) == SmeClass::large);
    }

    TEST_CASE("a company's record is read as the API shows it") {
        CHECK(size_of_json(R"({"headcount":18,"turnover_eur":2400000,"enterprises":null})") ==
              "small");
        CHECK(size_of_json(R"({"headcount":9,"turnover_eur":1e6,"balance_sheet_eur":null,)"
                           R"("enterprises":[{"relation":"partner","share":25,"headcount":4,)"
                           R"("turnover_eur":0}]})") == "small");
        CHECK(size_of_json(R"({"headcount":9,"turnover_eur":1,"enterprises":[)"
                           R"({"relation":"linked","headcount":1,"turnover_eur":1}]})") == "small");
        CHECK(size_of_json(R"({"headcount":9,"turnover_eur":1,"enterprises":[)"
                           R"({"relation":"public_body","share":30}]})") == "large");
        CHECK(size_of_json("{}").empty());
    }

    TEST_CASE("a class changes when two years in a row lie beyond it") {
        const auto after = [](const std::vector<std::optional<SmeClass>>& oldest_first) {
            const std::vector years(oldest_first.rbegin(), oldest_first.rend());
            const auto size = lasting_class(years);
            return std::string(size ? name_of(*size) : "");
        };
        using enum SmeClass;

        CHECK(after({small}) == "small");
        CHECK(after({small, medium}) == "small");
        CHECK(after({small, medium, medium}) == "medium");
        CHECK(after({small, medium, small}) == "small");
        CHECK(after({small, medium, large}) == "medium");
        CHECK(after({medium, small, micro}) == "small");
        CHECK(after({small, medium, small, medium, medium, small}) == "medium");
        CHECK(after({medium, medium, large, large, medium}) == "large");
        CHECK(after({}).empty());
        CHECK(after({small, std::nullopt, small}).empty());
    }

    TEST_CASE("earlier years of a record count, but for a company that a public body holds") {
        const std::string now = R"("headcount":60,"turnover_eur":1)";
        const std::string before = R"("earlier_years":[{"headcount":49,"turnover_eur":1}])";

        CHECK(size_of_json("{" + now + "}") == "medium");
        CHECK(size_of_json("{" + now + "," + before + "}") == "small");
        CHECK(size_of_json("{" + now + R"(,"earlier_years":[{"headcount":51,"turnover_eur":1},)" +
                           R"({"headcount":9,"turnover_eur":1}]})") == "medium");
        CHECK(size_of_json("{" + now + "," + before +
                           R"(,"enterprises":[{"relation":"public_body","share":30}]})") ==
              "large");
        CHECK(size_of_json("{" + now + R"(,"earlier_years":[{"headcount":9}]})").empty());
        CHECK(size_of_json("{" + now + R"(,"earlier_years":[1]})").empty());
        CHECK(size_of_json("{" + now + R"(,"earlier_years":{}})").empty());
    }

    TEST_CASE("what cannot be read of a record gives no class") {
        for (const auto* enterprises :
             {"1", "[1]", R"([{"relation":"cousin"}])", R"([{"relation":"partner"}])",
              R"([{"share":30}])", R"([{"relation":1,"share":30}])"}) {
            CAPTURE(enterprises);
            CHECK(size_of_json(std::string(R"({"headcount":9,"turnover_eur":1,"enterprises":)") +
                               enterprises + "}")
                      .empty());
        }
        CHECK(size_of_json(R"({"headcount":"9","turnover_eur":1})").empty());
    }

    TEST_CASE("guards read a record's own class, or the one that its figures give") {
        const auto class_in = [](std::string_view text) {
            const auto company = with_sme_class(ok(parse_json(text)).as_object());
            const auto* value = company->if_contains("sme_class");
            return value == nullptr ? "none" : to_json_text(*value);
        };

        CHECK(class_in(R"({"headcount":9,"turnover_eur":1})") == R"("micro")");
        CHECK(class_in(R"({"headcount":9,"turnover_eur":1,"sme_class":"large"})") == R"("large")");
        CHECK(class_in(R"({"headcount":9})") == "none");
    }
}
