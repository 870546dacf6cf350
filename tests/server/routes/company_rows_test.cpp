#include "server/routes/company_rows.hpp"

#include <doctest/doctest.h>

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

Request request_of(std::string body, std::string type = "text/csv; charset=utf-8") {
    Request request{.body = std::move(body)};
    request.headers.add("Content-Type", std::move(type));
    return request;
}

/// A line a row: its number, its members, its problems.
std::string shape_of(const Request& request) {
    std::string shape;
    for (const CompanyRow& row : ok(read_company_rows(request, "clu_1"))) {
        shape += std::to_string(row.number) + " " + to_json_text(row.members);
        for (const CellProblem& problem : row.problems) {
            shape += " " + problem.column + ": " + problem.message;
        }
        shape += "\n";
    }
    return shape;
}

std::string refusal_of(const Request& request) {
    return error_of(read_company_rows(request, "clu_1")).message;
}

}  // namespace

TEST_SUITE("routes/company_rows") {
    TEST_CASE("a cell becomes what its column asks for, an empty one null") {
        CHECK(shape_of(request_of("key;name;headcount;turnover_eur;website;attributes\n"
                                  "7;Crème;18;2400000.50;;\"{\"\"a\"\": [1]}\"\n")) ==
              R"(2 {"key":"7","name":"Crème","headcount":18,"turnover_eur":2400000.5,)"
              R"("website":null,"attributes":{"a":[1]}})"
              "\n");
    }

    TEST_CASE("a cell that cannot be read is named with what it asks for") {
        const auto problem = [](const std::string& column, const std::string& cell) {
            return shape_of(request_of("key," + column + "\n1," + cell + "\n"));
        };

        CHECK(problem("headcount", "many") ==
              "2 {\"key\":\"1\"} headcount: A whole number such as 18 is asked for.\n");
        for (const auto* number : {"\"2 400 000\"", "\"2400000,50\"", "2.4M", "'5", "NaN", "+5"}) {
            CAPTURE(number);
            CHECK(problem("turnover_eur", number).find("turnover_eur: A number such as 2400000") !=
                  std::string::npos);
        }
        CHECK(problem("enterprises", "none").find("A list in JSON") != std::string::npos);
        CHECK(problem("attributes", "1").find("An object in JSON") != std::string::npos);
    }

    TEST_CASE("a row with another number of cells than the header is told so") {
        CHECK(shape_of(request_of("key,name\n1\n2,B,3\n")) ==
              "2 {} : The row has 1 cells, the header 2.\n"
              "3 {} : The row has 3 cells, the header 2.\n");
    }

    TEST_CASE("an unknown column is refused with the nearest right one, all at once") {
        CHECK(refusal_of(request_of("key,nmae,headcout,key,colour\n")) ==
              "There is no column \"nmae\"; did you mean \"name\"? There is no column "
              "\"headcout\"; did you mean \"headcount\"? The column \"key\" is there twice. There "
              "is no column \"colour\".");
    }

    TEST_CASE("what only an answer has is passed over") {
        CHECK(shape_of(request_of("key,sme_class,revision,created_at\n1,micro,x,y\n")) ==
              "2 {\"key\":\"1\"}\n");
        CHECK(shape_of(request_of(R"({"items":[{"key":"1","sme_class":"micro"}]})",
                                  "application/json")) == "1 {\"key\":\"1\"}\n");
    }

    TEST_CASE("a second row with the same key or id fails, per cluster") {
        const std::string rows = shape_of(
            request_of("id,key,cluster\n,1,\n,1,clu_1\n,1,clu_2\ncom_1,,\ncom_1,,clu_2\n,,\n"));

        CHECK(rows.find("3 {\"id\":null,\"key\":\"1\",\"cluster\":\"clu_1\"} key: Row 2 has the "
                        "same key already.\n4 {") != std::string::npos);
        CHECK(rows.find("\"clu_2\"} id: Row 5 has the same id already.\n") != std::string::npos);
    }

    TEST_CASE("JSON items are numbered from 1, and each stands for itself") {
        CHECK(shape_of(request_of(R"({"items":[{"key":"1","name":"A"},5]})", "application/json")) ==
              "1 {\"key\":\"1\",\"name\":\"A\"}\n2 {} : A company is an object.\n");
        CHECK(error_of(read_company_rows(request_of("[]", "application/json"), "")).code ==
              ErrorCode::malformed);
        CHECK(error_of(read_company_rows(request_of(R"({"item":[]})", "application/json"), ""))
                  .message.find("did you mean \"items\"?") != std::string::npos);
    }

    TEST_CASE("what is neither CSV nor JSON, nor UTF-8, is refused as a whole") {
        CHECK(error_of(read_company_rows(request_of("key\n1\n", "text/plain"), "")).code ==
              ErrorCode::unsupported_media_type);
        CHECK(refusal_of(request_of("key,name\n1,Cr\xe8me\n")).find("UTF-8") != std::string::npos);
    }

    TEST_CASE("an import has at most ten thousand rows") {
        std::string csv = "key\n";
        std::string items;
        for (std::size_t i = 0; i <= import_rows_max; ++i) {
            csv += "1\n";
            items += items.empty() ? "1" : ",1";
        }

        CHECK(error_of(read_company_rows(request_of(csv), "")).code == ErrorCode::too_large);
        CHECK(error_of(read_company_rows(
                           request_of(R"({"items":[)" + items + "]}", "application/json"), ""))
                  .code == ErrorCode::too_large);
    }

    TEST_CASE("TM32: a company is written so that no cell starts a formula") {
        const auto line =
            company_line(ok(parse_json(R"({"id":"com_1","name":"=cmd|' /C calc'!A0","headcount":5,)"
                                       R"("turnover_eur":2400000.5,"attributes":{"a":"x"}})"))
                             .as_object());

        CHECK(line ==
              "com_1,,,\"'=cmd|' /C calc'!A0\",,,5,2400000.5,,,,\"{\"\"a\"\":\"\"x\"\"}\","
              ",,,,,\r\n");
    }
}
