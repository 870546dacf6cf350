#include <doctest/doctest.h>
#include <algorithm>
#include <array>

#include "engine/cel/detail/functions.hpp"

using namespace sillage;

TEST_SUITE("cel/function_table") {
    TEST_CASE("a function is found by name, style and number of arguments") {
        CHECK(find_function("size", FunctionStyle::global, 1));
        CHECK(find_function("size", FunctionStyle::method, 1));
        CHECK(find_function("getHours", FunctionStyle::method, 2));
        CHECK(find_function("min", FunctionStyle::global, 1));
        CHECK(find_function("min", FunctionStyle::global, 9));
        const bool negates = find_function("-", FunctionStyle::prefix, 1)->body == cel_negate;
        CHECK(negates);
        const bool subtracts = find_function("-", FunctionStyle::infix, 2)->body == cel_subtract;
        CHECK(subtracts);
        CHECK_FALSE(find_function("size", FunctionStyle::global, 2));
        CHECK_FALSE(find_function("contains", FunctionStyle::global, 2));
        CHECK_FALSE(find_function("+", FunctionStyle::global, 2));
    }

    TEST_CASE("the functions of an instance are named in workflows alone") {
        const auto outside = function_names(FunctionStyle::global, false);
        const auto inside = function_names(FunctionStyle::global, true);

        CHECK(std::ranges::find(outside, "last") == outside.end());
        CHECK(std::ranges::find(inside, "last") != inside.end());
        CHECK(std::ranges::find(outside, "add") != outside.end());
        CHECK(is_function("In", FunctionStyle::global));
        CHECK_FALSE(is_function("In", FunctionStyle::method));
    }

    TEST_CASE("a missing overload is named with the types it met") {
        const std::array arguments = {Value(std::int64_t{1}), Value(true)};

        CHECK(no_such_overload(*find_function("+", FunctionStyle::infix, 2), arguments).message ==
              "no such overload: int + bool");
        CHECK(no_such_overload(*find_function("[]", FunctionStyle::infix, 2), arguments).message ==
              "no such overload: [](int, bool)");
        CHECK(no_such_overload(*find_function("contains", FunctionStyle::method, 2), arguments)
                  .message == "no such overload: int.contains(bool)");
    }
}
