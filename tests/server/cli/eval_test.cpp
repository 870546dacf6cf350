#include "server/cli/eval.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace sillage::server {

namespace {

struct Printed {
    int status = 0;
    std::string out;
    std::string err;
};

Printed evaluated(const EvalRequest& request) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = eval_expression(request, out, err);
    return {status, out.str(), err.str()};
}

std::string answer_to_line(const std::string& line) {
    std::istringstream in(line + "\n");
    std::ostringstream out;
    CHECK(eval_lines(in, out) == 0);
    return out.str();
}

std::string answer_to(const std::string& expression) {
    return evaluated({.expression = expression, .json = true}).out;
}

}  // namespace

TEST_SUITE("cli/eval") {
    TEST_CASE("a value is printed as CEL writes it") {
        const Printed printed =
            evaluated({.expression = "[score + 1, 'a', 2u, 1.0]", .context = R"({"score": 41})"});

        CHECK(printed.status == 0);
        CHECK(printed.out == "[42, \"a\", 2u, 1.0]\n");
        CHECK(printed.err.empty());
    }

    TEST_CASE("an error goes to standard error and ends with 1") {
        for (const auto& [expression, part] :
             {std::pair("1 / 0", "division by zero"), std::pair("1 +", "byte 4: The expression"),
              std::pair("scroe", "did you mean \"score\"?")}) {
            CAPTURE(expression);
            const Printed printed =
                evaluated({.expression = expression, .context = R"({"score": 1})"});
            CHECK(printed.status == 1);
            CHECK(printed.out.empty());
            CHECK(printed.err.find(part) != std::string::npos);
        }
    }

    TEST_CASE("a company has the class that its figures give") {
        const auto printed =
            evaluated({.expression = "company.sme_class",
                       .context = R"({"company": {"headcount": 18, "turnover_eur": 2400000}})"});

        CHECK(printed.out == "\"small\"\n");
    }

    TEST_CASE("a context that is no JSON object is a mistake of usage") {
        CHECK(evaluated({.expression = "1", .context = "[1]"}).err ==
              "--context is a JSON object.\n");
        CHECK(evaluated({.expression = "1", .context = "{"}).status == 2);
    }

    TEST_CASE("every type has its form in JSON") {
        for (const auto& [expression, value] : {
                 std::pair("3", R"({"type":"int","value":"3"})"),
                 std::pair("-9223372036854775808",
                           R"({"type":"int","value":"-9223372036854775808"})"),
                 std::pair("18446744073709551615u",
                           R"({"type":"uint","value":"18446744073709551615"})"),
                 std::pair("0.1 + 0.2", R"({"type":"double","value":"0.30000000000000004"})"),
                 std::pair("3.0", R"({"type":"double","value":"3"})"),
                 std::pair("1.0 / 0.0", R"({"type":"double","value":"Infinity"})"),
                 std::pair("-1.0 / 0.0", R"({"type":"double","value":"-Infinity"})"),
                 std::pair("0.0 / 0.0", R"({"type":"double","value":"NaN"})"),
                 std::pair("'é'", R"({"type":"string","value":"é"})"),
                 std::pair("b'a\\xff'", R"({"type":"bytes","value":"Yf8="})"),
                 std::pair("true", R"({"type":"bool","value":true})"),
                 std::pair("null", R"({"type":"null","value":null})"),
                 std::pair("int", R"({"type":"type","value":"int"})"),
                 std::pair("timestamp('2027-03-15T16:00:00.5Z')",
                           R"({"type":"timestamp","value":"2027-03-15T16:00:00.5Z"})"),
                 std::pair("duration('1h30m')", R"({"type":"duration","value":"5400s"})"),
                 std::pair("[1, []]", R"({"type":"list","value":[{"type":"int","value":"1"},)"
                                      R"({"type":"list","value":[]}]})"),
                 std::pair("{1u: 'a'}", R"({"type":"map","value":[[{"type":"uint","value":"1"},)"
                                        R"({"type":"string","value":"a"}]]})"),
                 std::pair("1 / 0", R"({"error":"division by zero"})"),
             }) {
            CAPTURE(expression);
            CHECK(answer_to(expression) == std::string(value) + "\n");
        }
    }

    TEST_CASE("JSON numbers are ints or doubles by their form") {
        CHECK(answer_to_line(R"({"expr":"[type(a), type(b)]","context":{"a":2,"b":2.0}})") ==
              R"({"type":"list","value":[{"type":"type","value":"int"},)"
              R"({"type":"type","value":"double"}]})"
              "\n");
    }

    TEST_CASE("each line gets one answer, and a bad line ends nothing") {
        std::istringstream in(
            "{bad\n{\"expr\":1}\n{\"expr\":\"x\",\"context\":[]}\n"
            "{\"expr\":\"1 + 1\"}\n\n{\"expr\":\"x\",\"context\":{\"x\":true}}");
        std::ostringstream out;

        CHECK(eval_lines(in, out) == 0);

        CHECK(out.str() ==
              "{\"error\":\"This is not JSON: syntax error at byte 1.\"}\n"
              "{\"error\":\"\\\"expr\\\" is missing.\"}\n"
              "{\"error\":\"\\\"context\\\" is a JSON object.\"}\n"
              "{\"type\":\"int\",\"value\":\"2\"}\n"
              "{\"error\":\"This is not JSON: incomplete JSON at byte 0.\"}\n"
              "{\"type\":\"bool\",\"value\":true}\n");
    }

    TEST_CASE("a line beyond the limit is answered with an error") {
        const std::string text(3U * 1024U * 1024U, ' ');

        CHECK(answer_to_line("{\"expr\":\"" + text + "\"}").starts_with("{\"error\":"));
    }

    TEST_CASE("zones and calendar functions work, in UTC and Monday to Friday") {
        CHECK(answer_to("timestamp('2027-07-01T22:30:00Z').getHours('Europe/Paris')") ==
              "{\"type\":\"int\",\"value\":\"0\"}\n");
        CHECK(answer_to("add(timestamp('2027-01-31T00:00:00Z'), '1 month')") ==
              "{\"type\":\"timestamp\",\"value\":\"2027-02-28T00:00:00Z\"}\n");
        CHECK(answer_to("working_days(timestamp('2027-01-01T00:00:00Z'), "
                        "timestamp('2027-01-11T00:00:00Z'))") ==
              "{\"type\":\"int\",\"value\":\"6\"}\n");
        CHECK(answer_to("timestamp(0).getHours('Mars/Olympus')").starts_with("{\"error\":"));
    }

    TEST_CASE("an instance's functions are unknown without an instance") {
        CHECK(answer_to("In('a')") == "{\"error\":\"There is no function In().\"}\n");
    }
}

}  // namespace sillage::server
