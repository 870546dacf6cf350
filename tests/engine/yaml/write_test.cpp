#include "engine/yaml/write.hpp"

#include "engine/base/json.hpp"
#include "engine/yaml/detail/tree.hpp"
#include "engine/yaml/source.hpp"
#include "tests/support/ok.hpp"

namespace sillage {
namespace {

/// The tree that a text is read as.
boost::json::value read_back(const std::string& text) {
    const SourceText source(text);
    Findings findings("test.yaml");
    const NodePtr top = build_tree(source, findings);
    for (const Finding& finding : findings.take()) {
        FAIL_CHECK(to_string(finding) << "\n" << text);
    }
    return to_json(*top);
}

TEST_SUITE_BEGIN("yaml/write");

TEST_CASE("short lists and mappings stand on one line, longer ones on several") {
    const auto tree = test::ok(parse_json(
        R"({"title":{"en":"A","fr":"B"},"by":["sme","mentor"],"on":{"submit":{"target":)"
        R"("a_state_with_quite_a_long_name","title":"And a title that takes its room too"}}})"));

    CHECK(to_yaml_text(tree) ==
          "title: {en: A, fr: B}\n"
          "by: [sme, mentor]\n"
          "on:\n"
          "  submit:\n"
          "    target: a_state_with_quite_a_long_name\n"
          "    title: And a title that takes its room too\n");
}

TEST_CASE("text that could be taken for something else is quoted, and nothing else") {
    const auto tree = test::ok(parse_json(
        R"({"a":"true","b":"12","c":"* x","d":"a: b","e":"a #b","f":"","g":"no","h":"score >= 60",)"
        R"("i":"012","j":"~","k":" x","l":"x, y","m":true,"n":1.0,"o":null,"p":"é"})"));

    CHECK(to_yaml_text(tree) ==
          "a: \"true\"\nb: \"12\"\nc: \"* x\"\nd: \"a: b\"\ne: \"a #b\"\nf: \"\"\ng: no\n"
          "h: score >= 60\ni: \"012\"\nj: \"~\"\nk: \" x\"\nl: \"x, y\"\nm: true\nn: 1.0\n"
          "o: null\np: \"é\"\n");
    CHECK(read_back(to_yaml_text(tree)) == tree);
}

TEST_CASE("whatever a tree holds, it reads back the same") {
    for (const char* text :
         {R"({"a":[]})", R"({"a":{}})", R"({"a":[[],{},[{}]]})", R"({"*":"x","a b":1})",
          R"({"a":"line\nline\n","b":"\ttab","c":"\u0007\u0001","d":"\"quoted\" \\ back"})",
          R"({"a":"\u2028\u2029\u0085\ufeff","b":"😀","c":"%","d":"---","e":"- x","f":"? x"})",
          R"({"a":-1,"b":1e+300,"c":-0.5,"d":9007199254740993,"e":1.5e-7})",
          R"({"a":["x: y","{","}","[","]",",","&a","*a","!t","|",">","@","`","'","\""]})",
          R"({"${now + duration('1s')}":{"b":"${ {'a': 1}.a }"}})"}) {
        CAPTURE(text);
        const auto tree = test::ok(parse_json(text));

        const std::string yaml = to_yaml_text(tree);

        CHECK(to_json_text(read_back(yaml)) == to_json_text(tree));
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace sillage
