// A wrong sample for every rule: each check can fail, and says where.
#include "tests/tidy/rules.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/tidy/sample.hpp"

namespace sillage::test {
namespace {

std::string times(std::size_t count, std::string_view text) {
    std::string result;
    for (std::size_t index = 0; index < count; ++index) {
        result += text;
    }
    return result;
}

/// One file that breaks a rule on line 1; or, not `wrong`, breaks none.
struct Row {
    std::string_view path;
    std::string text;
    bool wrong = true;
};

void check_rows(Findings (*check)(const Tree&), std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        Sample sample;
        sample.with(row.path, row.text);
        const std::string expected = row.wrong ? std::string(row.path) + ":1\n" : "";
        CAPTURE(row.path);
        CAPTURE(row.text);
        CHECK(places_of(check(sample.tree())) == expected);
    }
}

TEST_SUITE("tidy/rules") {
    TEST_CASE("an include that is no arrow of the floor plan is found") {
        const Row rows[] = {
            {"engine/base/x.cpp", "engine/model/a.hpp"},
            {"engine/cel/x.cpp", "engine/calendar/a.hpp"},
            {"engine/schema/x.cpp", "engine/cel/a.hpp"},
            {"engine/interpreter/x.cpp", "engine/timers/a.hpp"},
            {"engine/runtime/x.cpp", "engine/store/sqlite/a.hpp"},
            {"engine/store/x.cpp", "engine/store/memory/a.hpp"},
            {"engine/store/memory/x.cpp", "engine/interpreter/a.hpp"},
            {"engine/runtime/x.cpp", "server/http/a.hpp"},
            {"server/http/x.cpp", "server/auth/a.hpp"},
            {"server/auth/x.cpp", "server/routes/a.hpp"},
            {"engine/cel/x.cpp", "engine/model/detail/a.hpp"},
            {"engine/cel/x.cpp", "engine/attic/a.hpp"},
            {"tests/engine/cel/x.cpp", "server/http/a.hpp"},
            {"engine/store/sqlite/x.cpp", "engine/store/a.hpp", false},
            {"engine/yaml/x.cpp", "engine/schema/a.hpp", false},
            {"engine/cel/x.cpp", "engine/cel/detail/a.hpp", false},
            {"engine/runtime/x.cpp", "engine/interpreter/a.hpp", false},
            {"server/main.cpp", "server/cli/a.hpp", false},
        };

        for (const Row& row : rows) {
            Sample sample;
            sample.with(row.text, "").with(row.path, "#include \"" + std::string(row.text) + "\"");
            CAPTURE(row.path);
            CAPTURE(row.text);
            CHECK(places_of(check_includes(sample.tree())) ==
                  (row.wrong ? std::string(row.path) + ":1\n" : ""));
        }
    }

    TEST_CASE("an include of a file that is not there is found") {
        check_rows(check_includes, {{"engine/cel/x.cpp", "#include \"engine/cel/gone.hpp\""},
                                    {"engine/cel/x.cpp", "#include \"x.hpp\""}});
    }

    TEST_CASE("a banned header or call is found where it is banned") {
        check_rows(check_bans,
                   {{"engine/cel/x.cpp", "#include <boost/asio/post.hpp>"},
                    {"engine/cel/x.cpp", "#include <openssl/evp.h>"},
                    {"engine/cel/x.cpp", "#include <thread>"},
                    {"engine/cel/x.cpp", "#include <iostream>"},
                    {"engine/cel/x.cpp", "#include <random>"},
                    {"engine/runtime/x.cpp", "#include <fstream>"},
                    {"engine/store/sqlite/x.cpp", "#include <boost/beast/core.hpp>"},
                    {"engine/cel/x.cpp", "auto a = std::getenv(\"A\");"},
                    {"engine/cel/x.cpp", "void f() { std::printf(\"a\"); }"},
                    {"engine/store/sqlite/x.cpp", "auto a = std::chrono::system_clock::now();"},
                    {"engine/runtime/x.cpp", "auto a = std::chrono::steady_clock::now();"},
                    {"server/routes/x.cpp", "#include <boost/beast/http.hpp>"},
                    {"server/routes/x.cpp", "#include <boost/asio/steady_timer.hpp>"},
                    {"server/routes/x.cpp", "#include <sqlite3.h>"},
                    {"server/app/x.cpp", "void f() { worker.detach(); }"},
                    {"tests/server/x.cpp", "void f() { std::this_thread::sleep_for(a); }"}});
    }

    TEST_CASE("what an area may have is not banned there") {
        check_rows(
            check_bans,
            {{"engine/base/x.cpp", "#include <openssl/evp.h>", false},
             {"engine/store/sqlite/x.cpp", "#include <fcntl.h>\n#include <thread>", false},
             {"engine/store/sqlite/x.cpp", "auto a = std::chrono::steady_clock::now();", false},
             {"engine/cel/x.cpp", "void f(Instant now) { g(now); } // getenv", false},
             {"server/http/x.cpp", "#include <boost/beast/http.hpp>", false},
             {"server/routes/x.cpp", "#include <boost/asio/awaitable.hpp>", false},
             {"server/app/x.cpp", "co_spawn(a, b, net::detached);", false}});
    }

    TEST_CASE("a statement outside the store, or put together from text, is found") {
        check_rows(check_sql,
                   {{"server/routes/x.cpp", "f(\"select a from b\");"},
                    {"engine/runtime/x.cpp", "f(\"PRAGMA wal_checkpoint\");"},
                    {"engine/store/sqlite/x.cpp", "f(\"SELECT a FROM b WHERE c = \" + c);"},
                    {"engine/store/sqlite/x.cpp", "auto s = \"DELETE FROM b WHERE c\"; s += c;"},
                    {"engine/store/sqlite/x.cpp", "fmt::format(\"UPDATE b SET c = {}\", c);"},
                    {"engine/store/sqlite/x.cpp", "f(\"SELECT a \" \"FROM b\", c);", false},
                    {"engine/cel/x.cpp", "f(\"select one of the tracks\");", false}});
    }
}

TEST_SUITE("tidy/rules") {
    TEST_CASE("what is larger than the house allows is found") {
        const std::string body = times(60, "    g();\n");
        const std::string wide = times(50, "éa");
        check_rows(check_sizes,
                   {{"engine/cel/x.cpp", "void f() {\n" + body + "}\n"},
                    {"engine/cel/x.cpp", times(501, "\n")},
                    {"engine/cel/x.hpp", times(301, "\n")},
                    {"tests/engine/x_test.cpp", "TEST_CASE(\"a\") {\n" + times(49, "\n") + "}\n"},
                    {"engine/cel/x.cpp", "//" + wide},
                    {"engine/cel/README.md", times(141, "a")},
                    {"engine/cel/x.hpp", "void f(int a, int b, int c, int d, int e);"},
                    {"engine/cel/x.cpp", "void f() { if (a) if (b) if (c) if (d) e(); }"}});
    }

    TEST_CASE("what is exactly as large as the house allows is not") {
        const std::string body = times(58, "    g();\n");
        check_rows(
            check_sizes,
            {{"engine/cel/x.cpp", "void f() {\n" + body + "}\n", false},
             {"engine/cel/x.cpp", times(500, "\n"), false},
             {"engine/cel/x.hpp", times(300, "\n"), false},
             {"tests/engine/x_test.cpp", "TEST_CASE(\"a\") {\n" + times(48, "\n") + "}\n", false},
             {"engine/cel/x.cpp", times(50, "éa"), false},
             {"tests/golden/x.txt", times(300, "a"), false},
             {"engine/cel/README.md", "|" + times(300, "a"), false},
             {"engine/cel/x.cpp",
              "void f(int a, int b, int c, int d) { if (a) if (b) if (c) e(); }", false}});
    }

    TEST_CASE("an entry too many or too few at the top level is found") {
        Sample sample;
        for (const char* name : {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE",
                                 "CHANGELOG.md", ".clang-format", ".clang-tidy", ".gitignore"}) {
            sample.with(name, "");
        }
        for (const char* name : {"engine", "workflows", "server", "tests", "examples", ".ci"}) {
            sample.with(std::string(name) + "/x", "");
        }
        sample.with(".gitignore", "build/\n").with("build/x", "");
        CHECK(places_of(check_top_level(sample.tree())).empty());

        sample.with("notes.md", "");
        CHECK(places_of(check_top_level(sample.tree())) == "notes.md:1\n");
        CHECK(places_of(check_top_level(Sample().with("tests/x", "").tree())).find("engine:1\n") !=
              std::string::npos);
    }

    TEST_CASE("a room off the plan, without a README or with a long one is found") {
        const std::string readme = times(41, "a\n");

        CHECK(places_of(check_rooms(Sample().with("engine/attic/x.md", "").tree())) ==
              "engine/attic:1\n");
        CHECK(places_of(check_rooms(Sample().with("engine/cel/x.cpp", "").tree())) ==
              "engine/cel/README.md:1\n");
        CHECK(places_of(check_rooms(Sample().with("engine/cel/README.md", readme).tree())) ==
              "engine/cel/README.md:41\n");
        CHECK(places_of(check_rooms(Sample().with("engine/x.cpp", "").tree())) ==
              "engine/x.cpp:1\n");
    }

    TEST_CASE("a source without a test is found") {
        check_rows(check_tested,
                   {{"engine/cel/x.cpp", ""},
                    {"engine/cel/x.hpp", "inline int f() {\n\n  return 1;\n}"},
                    {"engine/cel/x.hpp", "struct X { int a() { return 1; } };", false}});
        Sample sample;
        sample.with("engine/cel/x.cpp", "").with("tests/engine/cel/x_test.cpp", "");
        CHECK(check_tested(sample.tree()).empty());

        sample.with("engine/cel/detail/y.cpp", "").with("tests/engine/cel/y_test.cpp", "");
        sample.with("engine/cel/detail/z.cpp", "").with("tests/engine/cel/detail/z_test.cpp", "");
        CHECK(check_tested(sample.tree()).empty());
    }

    TEST_CASE("a source that no CMakeLists.txt names is found") {
        Sample sample;
        sample.with("engine/cel/x.cpp", "").with("engine/cel/CMakeLists.txt", "f(xx.cpp x.cpp.in)");
        CHECK(places_of(check_listed(sample.tree())) == "engine/cel/x.cpp:1\n");

        sample.with("engine/cel/CMakeLists.txt", "f(\"${CMAKE_CURRENT_SOURCE_DIR}/x.cpp\")");
        CHECK(check_listed(sample.tree()).empty());

        sample.with("engine/cel/CMakeLists.txt", "");
        sample.with("engine/CMakeLists.txt", "f(a cel/x.cpp)");
        CHECK(check_listed(sample.tree()).empty());
    }
}

TEST_SUITE("tidy/rules") {
    TEST_CASE("a file of the wrong form is found") {
        check_rows(check_form,
                   {{"engine/cel/x.hpp", "int a;"},
                    {"engine/cel/LexAll.cpp", ""},
                    {"engine/cel/x.cpp", "\tint a;"},
                    {"engine/cel/x.cpp", "namespace sillage::cel {}"},
                    {"engine/cel/x.hpp", "using namespace std;\n#pragma once\n"},
                    {"engine/cel/x.cpp", "using namespace std;", false},
                    {"engine/cel/x.cpp", "namespace sillage { namespace { } }", false},
                    {"engine/cel/x.hpp", "namespace re2 { int f() { return 1; } }\n#pragma once\n"},
                    {"engine/cel/x.hpp", "namespace re2 { class RE2; }\n#pragma once\n", false},
                    {"server/app/x.cpp", "namespace net = boost::asio;", false}});
    }

    TEST_CASE("a name of a test that would run the wrong case or none is found") {
        const std::string_view once = "TEST_CASE(\"a, b\") {}";
        check_rows(check_test_names, {{"tests/engine/x_test.cpp", "TEST_CASE(\"a; b\") {}"},
                                      {"tests/engine/x_test.cpp", std::string(once), false}});

        Sample sample;
        sample.with("tests/engine/x_test.cpp", once).with("tests/server/x_test.cpp", once);
        CHECK(check_test_names(sample.tree()).empty());

        sample.with("tests/engine/y_test.cpp", once);
        CHECK(places_of(check_test_names(sample.tree())) == "tests/engine/y_test.cpp:1\n");
    }

    TEST_CASE("a word that does not belong here is found") {
        const std::string to_do =
            "// TO"
            "DO";
        check_rows(check_words, {{"engine/cel/x.cpp", to_do + ": later"},
                                 {"engine/cel/x.cpp",
                                  "// FIX"
                                  "ME"},
                                 {"engine/cel/x.cpp", "class StateManager;"},
                                 {"engine/cel/x.cpp", "int m_count = 0;"},
                                 {"engine/cel/README.md",
                                  "see /ho"
                                  "me/x"},
                                 {"engine/cel/x.cpp", to_do + " (#12): later", false},
                                 {"engine/cel/x.cpp", "f(\"StateManager\");", false}});
    }

    TEST_CASE("an exception excuses its rule and path, and must be needed") {
        Sample sample;
        sample.with("engine/cel/x.cpp", "namespace other {}")
            .with("tests/tidy/exceptions.txt",
                  "# why\nform engine/cel/x.cpp: a sample\nsql engine/cel/x.cpp: none\nform x\n");

        const std::string places = places_of(check_house(sample.tree()));

        CHECK(places.find("engine/cel/x.cpp:1\n") != std::string::npos);  // untested, unlisted
        CHECK(places.find("tests/tidy/exceptions.txt:2\n") == std::string::npos);
        CHECK(places.find("tests/tidy/exceptions.txt:3\n") != std::string::npos);
        CHECK(places.find("tests/tidy/exceptions.txt:4\n") != std::string::npos);
        for (const Finding& finding : check_house(sample.tree())) {
            CHECK(finding.rule != "form");
        }
    }
}

}  // namespace
}  // namespace sillage::test
