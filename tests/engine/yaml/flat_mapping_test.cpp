#include "engine/yaml/flat_mapping.hpp"

#include <doctest/doctest.h>

namespace sillage {

TEST_SUITE("yaml/flat_mapping") {
    TEST_CASE("names and scalars are read as written, with their places") {
        const FlatMapping mapping =
            read_flat_mapping("# mine\ndata: ./here\nsandbox: true\nlisten: \"a:80\"\n", "a.yaml");

        CHECK(mapping.findings.empty());
        CHECK(mapping.entries == std::vector<FlatMapping::Entry>{{"data", "./here", {2, 1}},
                                                                 {"sandbox", "true", {3, 1}},
                                                                 {"listen", "a:80", {4, 1}}});
    }

    TEST_CASE("an empty file says nothing") {
        CHECK(read_flat_mapping("", "a.yaml").entries.empty());
        CHECK_FALSE(has_errors(read_flat_mapping("# nothing\n", "a.yaml").findings));
    }

    TEST_CASE("lists, nested mappings and broken text are errors where they stand") {
        CHECK(has_errors(read_flat_mapping("- a\n", "a.yaml").findings));
        CHECK(has_errors(read_flat_mapping("a: [b\n", "a.yaml").findings));
        const FlatMapping nested = read_flat_mapping("a: 1\nb:\n  c: 2\n", "a.yaml");
        REQUIRE(nested.findings.size() == 1);
        CHECK(nested.findings[0].place == Place{3, 3});
        CHECK(nested.entries.size() == 1);
    }

    TEST_CASE("a name that stands twice is an error") {
        CHECK(has_errors(read_flat_mapping("a: 1\na: 2\n", "a.yaml").findings));
    }
}

}  // namespace sillage
