#include "server/routes/page.hpp"

#include <map>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

/// A page over the numbers 1 to `count`, of which every `step`-th is shown.
Response page_of_numbers(std::size_t count, std::size_t step, const Page& page) {
    const auto fetch = [&](const std::string& after,
                           std::size_t limit) -> Result<std::vector<std::size_t>> {
        std::vector<std::size_t> rows;
        std::size_t next = after.empty() ? 1 : std::stoul(after) + 1;
        for (; next <= count && rows.size() < limit; ++next) {
            rows.push_back(next);
        }
        return rows;
    };
    const auto show = [&](std::size_t row) -> Result<std::optional<boost::json::value>> {
        return row % step == 0 ? std::optional<boost::json::value>(row) : std::nullopt;
    };
    return ok(collect_page(
        page, fetch, [](std::size_t row) { return std::to_string(row); }, show));
}

Request asking(std::vector<server::Field> query) { return Request{.query = std::move(query)}; }

}  // namespace

TEST_SUITE("routes/page") {
    TEST_CASE("pages follow each other and end with null") {
        CHECK(page_of_numbers(3, 1, {.limit = 2}).body ==
              R"({"items":[1,2],"next_cursor":")" + cursor_after("2") + "\"}");
        CHECK(page_of_numbers(3, 1, {.limit = 2, .after = "2"}).body ==
              R"({"items":[3],"next_cursor":null})");
        CHECK(page_of_numbers(2, 1, {.limit = 2}).body == R"({"items":[1,2],"next_cursor":null})");
        CHECK(page_of_numbers(0, 1, {}).body == R"({"items":[],"next_cursor":null})");
    }

    TEST_CASE("hidden rows are passed over, a bounded number at a time") {
        CHECK(page_of_numbers(10, 5, {.limit = 2}).body ==
              R"({"items":[5,10],"next_cursor":null})");
        const auto page = ok(parse_json(page_of_numbers(100'000, 90'000, {}).body)).as_object();
        CHECK(page.at("items").as_array().empty());
        CHECK(page.at("next_cursor").is_string());
    }

    TEST_CASE("a cursor is read back, and limits are held") {
        CHECK(ok(page_of(asking({{"cursor", cursor_after("ins_é")}}))).after == "ins_é");
        CHECK(ok(page_of(asking({}))).limit == 50);
        CHECK(ok(page_of(asking({{"limit", "200"}}))).limit == 200);
        for (const auto* limit : {"0", "201", "-1", "x", "", "5x"}) {
            CAPTURE(limit);
            CHECK(error_of(page_of(asking({{"limit", limit}}))).code ==
                  ErrorCode::invalid_argument);
        }
        for (const auto* cursor : {"", "x", "zz", "abc"}) {
            CAPTURE(cursor);
            CHECK(error_of(page_of(asking({{"cursor", cursor}}))).code ==
                  ErrorCode::invalid_argument);
        }
    }
}
