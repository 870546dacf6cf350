
#include "engine/base/json.hpp"
#include "engine/cel/json_path.hpp"
#include "tests/engine/cel/expressions.hpp"
#include "tests/engine/cel/workflow_scope.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::ok;

namespace {

/// An environment that reads every variable in place from one JSON object.
struct JsonHost {
    Scope scope = test::workflow_scope();
    boost::json::value values = ok(parse_json(R"({
        "score": 81, "ratio": 0.5, "name": "a name that no short string holds in place",
        "tags": ["JP", "DE"], "anything": {"deep": {"flag": true}},
        "company": {"headcount": 84, "name": "Orvane"}})"));

    static bool read(const void* pointer, const VariablePath& path, Value& value) {
        const auto& host = *static_cast<const JsonHost*>(pointer);
        for (const Scope::Name& name : host.scope.names()) {
            const auto* found =
                name.slot == path.slot ? host.values.get_object().if_contains(name.name) : nullptr;
            if (found != nullptr && path.steps.empty()) {
                value = view_json(*found, nullptr);
                return true;
            }
            if (found != nullptr && found->is_object()) {
                return read_json_path({found->get_object()}, path, DateReader{}, value);
            }
        }
        return false;
    }
    static Result<Value> variable(const void* pointer, std::size_t slot) {
        Value value;
        read(pointer, VariablePath{.slot = slot}, value);
        return value;
    }
    Environment environment() const { return {.host = this, .variable = variable, .read = read}; }
};

}  // namespace

TEST_SUITE("cel/machine") {
    TEST_CASE("paths read in place give what the whole variable gives") {
        const JsonHost host;
        const Environment by_variable{.host = &host, .variable = JsonHost::variable};

        for (const char* text :
             {"score + 1", "name", "tags", "company.headcount * 2", "company.website == null",
              "has(company.name) && !has(company.website)", "anything.deep.flag",
              "anything.deep.none", "anything.none.flag", "anything.deep.flag.more", "name.more",
              "address.city", "tags.map(t, t + company.name)", "{'a': name}.a.size()",
              "anything.none || true", "anything.deep.flag ? score : name"}) {
            CAPTURE(text);
            CHECK(test::outcome_of(text, host.scope, host.environment()) ==
                  test::outcome_of(text, host.scope, by_variable));
        }
    }

    TEST_CASE("a result borrows nothing of what the host lent") {
        auto host = std::make_unique<JsonHost>();
        const auto compiled = compile_expression("[name, {'tag': tags[0]}]", host->scope);

        const auto value = ok(evaluate(compiled.expression, host->environment()));
        host.reset();

        CHECK(to_string(value) ==
              "[\"a name that no short string holds in place\", {\"tag\": \"JP\"}]");
    }

    TEST_CASE("errors inside macros reach the join around them, and no other") {
        test::check_rows(
            {{"[0, 1].exists(x, [1].all(y, y / x == 1))", "true"},
             {"[0].exists(x, [1].all(y, y / x == 1))", "error: division by zero"},
             {"[0, 0].exists(x, [1].all(y, y / x == 1)) || true", "true"},
             {"[1, 0].map(x, (1 / x > 0 || false) ? 1 : 2)", "error: division by zero"},
             {"[0, 1].map(x, (1 / x > 0 || x == 0) ? 1 : 2)", "[1, 1]"},
             {"[[0], [1]].exists(l, l.filter(x, 1 / x > 0).size() > 0)", "true"},
             {"[[0], [1]].exists(l, l.map(x, 1 / x) == [1])", "true"},
             {"[0, 1].exists(x, {'a': 1 / x}.a == 1)", "true"},
             {"[0, 1, 2].exists(x, [1 / x, x] == [1, 1])", "true"},
             {"(1 / 0 > 0 && 2 / 0 > 0) || 'a'", "error: division by zero"}});
    }
}
