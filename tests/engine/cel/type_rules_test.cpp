#include "engine/cel/detail/type_rules.hpp"

#include <doctest/doctest.h>
#include <array>

using namespace sillage;

namespace {

ValueType plain(TypeKind kind) { return ValueType{.kind = kind}; }

std::string result_of(std::string_view operation, TypeKind a, TypeKind b) {
    const auto* function = find_function(operation, FunctionStyle::infix, 2);
    REQUIRE(function);
    const std::array arguments = {plain(a), plain(b)};
    const auto result = result_type(*function, arguments);
    return result ? to_string(*result) : "none";
}

}  // namespace

TEST_SUITE("cel/type_rules") {
    TEST_CASE("what is dyn fits everywhere, and a sole result is known all the same") {
        CHECK(result_of("+", TypeKind::dyn, TypeKind::dyn) == "dyn");
        CHECK(result_of("%", TypeKind::dyn, TypeKind::int64) == "int");
        CHECK(result_of("+", TypeKind::dyn, TypeKind::duration) == "dyn");
        CHECK(result_of("==", TypeKind::dyn, TypeKind::null) == "bool");
        CHECK(result_of("[]", TypeKind::dyn, TypeKind::text) == "dyn");
    }

    TEST_CASE("numbers compare with each other but do not mix in arithmetic") {
        CHECK(result_of("<", TypeKind::int64, TypeKind::float64) == "bool");
        CHECK(result_of("==", TypeKind::uint64, TypeKind::float64) == "bool");
        CHECK(result_of("+", TypeKind::int64, TypeKind::float64) == "none");
        CHECK(result_of("<", TypeKind::int64, TypeKind::text) == "none");
        CHECK(result_of("<", TypeKind::list, TypeKind::list) == "none");
    }

    TEST_CASE("null is comparable, and nothing else") {
        CHECK(result_of("!=", TypeKind::int64, TypeKind::null) == "bool");
        CHECK(result_of("<", TypeKind::int64, TypeKind::null) == "none");
        CHECK(result_of("+", TypeKind::null, TypeKind::int64) == "none");
    }

    TEST_CASE("branches have what they share") {
        CHECK(to_string(common_type(plain(TypeKind::int64), plain(TypeKind::null))) ==
              "int or null");
        CHECK(to_string(common_type(plain(TypeKind::int64), plain(TypeKind::text))) == "dyn");
        CHECK(common_type(last_type(), last_type()).closed);
        CHECK_FALSE(common_type(last_type(), plain(TypeKind::map)).closed);
    }
}
