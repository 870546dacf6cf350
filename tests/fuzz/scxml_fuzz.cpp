// An SCXML document: whatever the text, reading ends, a definition has no errors, a refusal has
// one, every finding stands somewhere in the file, and what was read reads the same again.
#include "engine/formats/scxml.hpp"
#include "tests/fuzz/reading.hpp"

namespace sillage::test {
namespace {

void read_document(std::string_view input) {
    check_reading(input, read_scxml(input, "fuzz.scxml"), read_scxml(input, "fuzz.scxml"));
}

std::string document_of(const std::string& content) {
    return R"(<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="cel">)" +
           content + "</scxml>";
}

/// Nine levels of entities, each naming the one below nine times.
std::string billion_laughs() {
    std::string bomb = "<!DOCTYPE scxml [<!ENTITY a0 \"lol\">";
    for (int level = 1; level < 9; ++level) {
        bomb += "<!ENTITY a" + std::to_string(level) + " \"" +
                repeated("&a" + std::to_string(level - 1) + ";", 9) + "\">";
    }
    return bomb + "]>" + document_of("<state id=\"&a8;\"/>");
}

}  // namespace

FuzzTarget fuzz_target() {
    constexpr std::size_t deep = 10'000;
    return {.run = read_document,
            .words = {"<state id=\"",
                      "<parallel>",
                      "<final",
                      "<history type=\"deep\"",
                      "<initial>",
                      "<transition event=\"",
                      " cond=\"",
                      " target=\"",
                      "<onentry>",
                      "<raise ",
                      "<if cond=\"",
                      "<elseif ",
                      "<else/>",
                      "<foreach array=\"",
                      "<assign ",
                      "<send ",
                      " delayexpr=\"",
                      "<cancel ",
                      "<datamodel>",
                      "<data id=\"",
                      " src=\"../",
                      "<donedata>",
                      "<param ",
                      "<content>",
                      "<invoke ",
                      "<finalize>",
                      "<![CDATA[",
                      "]]>",
                      "<!--",
                      "<!DOCTYPE",
                      "&lt;",
                      "&#x0;",
                      "/>",
                      "\"",
                      "</",
                      "\xC3\x28"},
            .bombs = {billion_laughs(), document_of(repeated("<state>", deep)),
                      repeated("<scxml ", deep), document_of(repeated("<state/>", deep)),
                      "<scxml " + repeated("a=\"\" ", deep) + "/>",
                      document_of("<!--" + repeated("-", deep)), repeated("&#x26;", deep)}};
}

}  // namespace sillage::test
