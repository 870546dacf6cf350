#include "server/csv/csv.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

using Cells = std::vector<std::string>;

/// The header and the rows, each as `number:cell|cell`, joined by blanks.
std::string shape_of(std::string_view text) {
    const CsvTable table = ok(read_csv(text, 100));
    const auto joined = [](const Cells& cells) {
        std::string line;
        for (const std::string& cell : cells) {
            line += (line.empty() ? "" : "|") + cell;
        }
        return line;
    };
    std::string shape = joined(table.header);
    for (const CsvRow& row : table.rows) {
        shape += " " + std::to_string(row.number) + ":" + joined(row.cells);
    }
    return shape;
}

}  // namespace

TEST_SUITE("csv/csv") {
    TEST_CASE("a table has a header and rows, whatever ends its lines") {
        for (const auto* text :
             {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4", "a;b\n1;2\n3;4",
              "\xef\xbb\xbf"
              "a,b\n1,2\n3,4",
              "a , b\n 1\t,2\n3,\"4\""}) {
            CAPTURE(text);
            CHECK(shape_of(text) == "a|b 2:1|2 3:3|4");
        }
    }

    TEST_CASE("a quoted cell holds separators, quotes and lines") {
        CHECK(shape_of("a,b\n\"x, y\",\"say \"\"yes\"\"\"\n\"two\nlines\", z \n") ==
              "a|b 2:x, y|say \"yes\" 3:two\nlines|z");
        CHECK(shape_of("a;b\n1,5;\" x \"") == "a|b 2:1,5| x ");
    }

    TEST_CASE("rows are counted as a spreadsheet counts them, and empty ones left out") {
        CHECK(shape_of("a,b\r\n\r\n1,2\r\n,\r\n3\r\n") == "a|b 3:1|2 5:3");
        CHECK(shape_of("\n\na\n\n1\n") == "a 5:1");
    }

    TEST_CASE("what cannot be read names its row") {
        for (const auto* text : {"a\n1\n\"x\n", "a\n1\nx\"y\n", "a\n1\n\"x\"y\n"}) {
            CAPTURE(text);
            const Error error = error_of(read_csv(text, 100));
            CHECK(error.code == ErrorCode::malformed);
            CHECK(error.message.starts_with("Row 3: "));
        }
        CHECK(error_of(read_csv("", 100)).code == ErrorCode::malformed);
        CHECK(error_of(read_csv("\n,,\n", 100)).code == ErrorCode::malformed);
    }

    TEST_CASE("a table has no more rows and columns than it may have") {
        CHECK(ok(read_csv("a\n1\n2\n", 2)).rows.size() == 2);
        CHECK(error_of(read_csv("a\n1\n2\n3\n", 2)).code == ErrorCode::too_large);
        CHECK(ok(read_csv(std::string(99, ',') + "a", 2)).header.size() == 100);
        CHECK(error_of(read_csv(std::string(100, ',') + "a", 2)).code == ErrorCode::malformed);
        CHECK(error_of(read_csv("a\n" + std::string(1'000'000, ','), 2)).code ==
              ErrorCode::malformed);
    }

    TEST_CASE("TM32: what a spreadsheet would take for a formula is written as text") {
        CHECK(csv_line(Cells{"=1+1", "+33 1", "-5", "@x", "\t=1", "\n=1", "a=1", "'"}) ==
              "\"'=1+1\",\"'+33 1\",\"'-5\",\"'@x\",\"'\t=1\",\"'\n=1\",a=1,\"'\"\r\n");
    }

    TEST_CASE("whatever is written reads back as it was") {
        const Cells cells{"plain", "",       " x ",  "a,b;c", "\"", "\"quoted\"", "two\r\nlines",
                          "=1",    "'=1",    "''-1", "'",     "'a", "@",          "Crème d'été",
                          "\t",    "x\ty\t", "\r",   "-",     "''"};
        const CsvTable table =
            ok(read_csv(csv_line(Cells(cells.size(), "c")) + csv_line(cells), 9));

        CHECK(table.rows == std::vector<CsvRow>{{.number = 2, .cells = cells}});
    }
}
