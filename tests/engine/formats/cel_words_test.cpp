#include "engine/formats/detail/cel_words.hpp"

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

ValueTemplate expression(const char* text) { return {.node = Expression{.text = text}}; }

TEST_SUITE_BEGIN("formats/cel_words");

TEST_CASE("a literal is the expression that gives it") {
    for (const char* text :
         {"null", "true", "-5", "1.0", "1e+300", R"("a \"b\" \\ \n é")", R"([1,{"a":[]}])"}) {
        CHECK(cel_words(ValueTemplate{.node = test::ok(parse_json(text))}) == text);
    }
}

TEST_CASE("lists and mappings of expressions are expressions") {
    const ValueTemplate list{
        .node = ValueTemplate::List{expression("a ? b : c"),
                                    {.node = ValueTemplate::Members{{"x \"y\"", expression("d")}}},
                                    {.node = boost::json::value(1)}}};

    CHECK(cel_words(list) == R"([a ? b : c, {"x \"y\"": d}, 1])");
}

TEST_CASE("text with expressions inside is none") {
    const ValueTemplate text{.node = TextPieces{"at ", Expression{.text = "score"}}};

    CHECK_FALSE(cel_words(text));
    CHECK_FALSE(cel_words(ValueTemplate{.node = ValueTemplate::List{text}}));
    CHECK_FALSE(cel_words(ValueTemplate{.node = ValueTemplate::Members{{"a", text}}}));
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
