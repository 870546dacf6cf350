#include "engine/formats/detail/scxml_bundle.hpp"

#include <doctest/doctest.h>

namespace sillage {
namespace {

TEST_SUITE_BEGIN("formats/scxml_bundle");

TEST_CASE("src names files below the document's folder only") {
    CHECK(neighbour_path("", "a.scxml") == "a.scxml");
    CHECK(neighbour_path("", "file:./parts//a.scxml") == "parts/a.scxml");
    CHECK(neighbour_path("parts/", "b.txt") == "parts/b.txt");
    for (const auto* outside : {"", "/etc/passwd", "file:///etc/passwd", "../a", "a/../../b",
                                "http://host/a.scxml", "C:\\a", "..\\a"}) {
        CAPTURE(outside);
        CHECK_FALSE(neighbour_path("parts/", outside));
    }
}

TEST_CASE("the folder of a path ends in a slash, and is empty for a file beside the document") {
    CHECK(folder_of("parts/more/a.scxml") == "parts/more/");
    CHECK(folder_of("a.scxml") == "");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
