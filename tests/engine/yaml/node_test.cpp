#include "engine/yaml/detail/node.hpp"

#include <doctest/doctest.h>

#include <string>

namespace sillage {
namespace {

TEST_SUITE_BEGIN("yaml/node");

TEST_CASE("numbers are those of JSON") {
    for (const std::string text : {"0", "-0", "12", "1.5", "1e5", "-1.25E-3", "1e+9"}) {
        CAPTURE(text);
        CHECK(plain_kind(text) == NodeKind::number);
    }
    for (const std::string text : {"-", "01", "1.", ".5", "+1", "1e", "1_000", "0x1", "1.2.3"}) {
        CAPTURE(text);
        CHECK(plain_kind(text) == NodeKind::text);
    }
}

TEST_CASE("words and dates look like no other value") {
    for (const std::string text : {"on", "no", "12:30", "2027-01-01", "1.2.3", "14 days", ".", "-",
                                   "_", "n", "true", "12"}) {
        CAPTURE(text);
        CHECK_FALSE(looks_like_a_value(text));
    }
}

TEST_CASE("a message repeats a long text only in part, never half a character") {
    CHECK(quoted("short\ntext") == "\"short text\"");
    const std::string words = quoted(std::string(59, 'a') + "éé");
    CHECK(words == "\"" + std::string(59, 'a') + "…\"");
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
