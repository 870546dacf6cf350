// Strict JSON: what is accepted is written and read back equal; what is refused says where.
#include "engine/base/json.hpp"
#include "tests/fuzz/driver.hpp"

namespace sillage::test {
namespace {

void read_json(std::string_view input) {
    const auto value = parse_json(input);
    if (!value) {
        must(value.error().code == ErrorCode::malformed, "a refusal is malformed");
        must(!value.error().message.empty(), "a refusal says why");
        return;
    }
    const std::string text = to_json_text(value.value());
    const auto again = parse_json(text);
    must(again.has_value(), "what was written can be read");
    must(to_json_text(again.value()) == text, "a value has one spelling");
}

}  // namespace

FuzzTarget fuzz_target() {
    constexpr std::size_t deep = 100'000;
    return {.run = read_json,
            .words = {"null", "true", "1e999", "-0", "1e-400", "\\u0000", "\\ud800", "\xC3\x28",
                      "\xEF\xBB\xBF", "[", "{\"", "\":", ",", "}", "]"},
            .bombs = {repeated("[", deep), repeated("{\"a\":", deep), repeated("9", deep),
                      "\"" + repeated("\\u0041", deep) + "\"", "[" + repeated("1,", deep) + "1]"}};
}

}  // namespace sillage::test
