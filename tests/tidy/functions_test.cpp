#include "tests/tidy/functions.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace sillage::test {
namespace {

/// `name lines/parameters/nesting` of each function, in the order in which they end.
std::string read(std::string_view source) {
    std::string text;
    for (const Function& function : functions_in(scan_cpp(source))) {
        text += function.name + " " + std::to_string(function.line_count) + "/" +
                std::to_string(function.parameter_count) + "/" + std::to_string(function.nesting) +
                "\n";
    }
    return text;
}

struct Row {
    std::string_view source;
    std::string_view expected;
};

TEST_SUITE("tidy/functions") {
    TEST_CASE("lines, parameters and nesting are counted") {
        const Row rows[] = {
            {"int f();", "f 0/0/0\n"},
            {"int f(void) { return 1; }", "f 1/0/0\n"},
            {"int f(int a,\n      int b) {\n  return a;\n}\n", "f 4/2/0\n"},
            {"void f(std::map<int, int> a, int b = g(1, 2)) {}", "f 1/2/0\n"},
            {"void f() { if (a) for (;;) while (b) { do c(); while (d); } }", "f 1/0/4\n"},
            {"void f() { if (a) {} else if (b) {} else if (c) { if (d) {} } }", "f 1/0/2\n"},
            {"void f() { switch (a) { case b::c: { if (d) e(); break; } default: {} } }",
             "f 1/0/2\n"},
            {"void f() { try { if (a) {} } catch (...) { while (b) if (c) {} } }", "f 1/0/3\n"},
            {"struct S : B<int> { S(int a) : a_{a}, b_(a) { if (a) {} } int a_ = {}; };",
             "S 1/1/1\n"},
            {"struct S { bool operator==(const S&) const = default; int x{f(1, 2)}; };",
             "operator 0/1/0\n"},
            {"struct S { int operator()(int a, int b) const { return a; } };", "operator 1/2/0\n"},
            {"template <class A, class B> auto f(A a) -> std::pair<A, B> { return {a}; }",
             "f 1/1/0\n"},
            {"TEST_CASE(\"a\") {\n SUBCASE(\"b\") { if (c) {} }\n}", "this test case 3/0/1\n"},
        };

        for (const Row& row : rows) {
            CAPTURE(row.source);
            CHECK(read(row.source) == row.expected);
        }
    }

    TEST_CASE("a lambda is a function of its own, a subscript and a binding are none") {
        CHECK(read("void f() { if (a) g([&](int b, int c) { if (b) {} }); }") ==
              "this lambda 1/2/1\nf 1/0/1\n");
        CHECK(read("const auto f = [] { return 1; };") == "this lambda 1/0/0\n");
        CHECK(read("void f() { const auto& [a, b] = c[1]; [[maybe_unused]] int d[] = {1}; }") ==
              "f 1/0/0\n");
        CHECK(read("auto f() { return [a](auto b) -> X<int> { return b; }; }") ==
              "this lambda 1/1/0\nf 1/0/0\n");
    }

    TEST_CASE("brackets in comments, texts, characters and directives count for nothing") {
        CHECK(read("void f() { g(\"}{\"); /* { */ h('{'); } // {\nint i();") ==
              "f 1/0/0\ni 0/0/0\n");
        CHECK(read("#define X if (a) { \\\n  {\nvoid f() { g(R\"x({)\"{)x\"); h(1'0); }") ==
              "f 1/0/0\n");
    }

    TEST_CASE("text that is no C++ ends the reading, not the program") {
        for (const std::string_view source :
             {"}}}", "void f(", "{{{", "[", "f(]) }", "if (", "<"}) {
            CAPTURE(source);
            CHECK(functions_in(scan_cpp(source)).size() <= 1);
        }
    }
}

}  // namespace
}  // namespace sillage::test
