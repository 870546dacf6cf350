#include "engine/cel/scope.hpp"

#include <doctest/doctest.h>
#include <algorithm>

#include "tests/engine/cel/workflow_scope.hpp"

using namespace sillage;

TEST_SUITE("cel/scope") {
    TEST_CASE("builtins come first, then the context's fields, then what is declared") {
        Scope scope = test::workflow_scope();

        CHECK(scope.find("event")->slot == static_cast<std::size_t>(Builtin::event));
        CHECK(scope.find("now")->slot == static_cast<std::size_t>(Builtin::now));
        CHECK(scope.find("score")->slot == builtin_count);
        CHECK(scope.slot_count() == builtin_count + 7);
        CHECK(scope.declare("item", {}) == builtin_count + 7);
        CHECK(scope.find("nothing") == nullptr);
    }

    TEST_CASE("an inner name hides an outer one until it is forgotten") {
        Scope scope = test::workflow_scope();
        const std::size_t outer = scope.find("name")->slot;

        const std::size_t inner = scope.declare("name", ValueType{.kind = TypeKind::int64});
        CHECK(scope.find("name")->slot == inner);
        scope.forget_last();
        CHECK(scope.find("name")->slot == outer);
        CHECK(scope.declare("other", {}) == inner + 1);
    }

    TEST_CASE("a form closes event.data") {
        Scope scope = test::workflow_scope();
        CHECK(test::findings_of("event.data.anything == 1", scope).empty());

        scope.set_event_data(type_of(std::vector<Field>{
            {.name = "reason", .schema = {.type = SchemaType::string}, .required = true}}));

        CHECK(test::findings_of("event.data.reason == 'x'", scope).empty());
        CHECK(test::findings_of("event.data.reson == 'x'", scope) ==
              "11 unknown-name: There is no field \"reson\" in event.data; did you mean "
              "\"reason\"?");
        CHECK(test::findings_of("event.data.reason > 1", scope).find("type-mismatch") !=
              std::string::npos);
    }

    TEST_CASE("a scope without a workflow is open") {
        CHECK(Scope().is_open());
        CHECK_FALSE(Scope().has_workflow_functions());
        CHECK_FALSE(test::workflow_scope().is_open());
        CHECK(compile_expression("nothing + 'a' > 1", Scope()).findings.empty());
        CHECK_FALSE(compile_expression("1 +", Scope()).findings.empty());
    }

    TEST_CASE("reserved names are sorted and hold keywords, builtins and functions") {
        const auto& names = reserved_names();
        CHECK(std::ranges::is_sorted(names));
        for (const char* name : {"in", "while", "event", "now", "In", "last", "working_days"}) {
            CAPTURE(name);
            CHECK(std::ranges::binary_search(names, std::string(name)));
        }
        CHECK_FALSE(std::ranges::binary_search(names, std::string("score")));
    }
}
