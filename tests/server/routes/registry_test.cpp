#include "server/routes/registry.hpp"

#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;

TEST_SUITE("routes/registry") {
    TEST_CASE("a stamp keeps when a record was made and tells when it changed") {
        Record record;
        stamp(record, {{"name", "a"}}, Instant{0});
        stamp(record, {{"name", "b"}}, Instant{1'000});

        CHECK(to_json_text(record.body) == R"({"name":"b","created_at":"1970-01-01T00:00:00.000Z",)"
                                           R"("updated_at":"1970-01-01T00:00:01.000Z"})");
        CHECK(record.at == Instant{1'000});
    }

    TEST_CASE("a record is shown with its id first and its revision last") {
        const Record record{.id = "com_a", .revision = 2, .body = {{"name", "a"}}};

        CHECK(to_json_text(record_json(record)) == R"({"id":"com_a","name":"a","revision":2})");
    }

    TEST_CASE("only accounts within clusters are limited to them") {
        const auto clusters = [](std::vector<Binding> bindings) {
            return clusters_of(Account{.bindings = std::move(bindings)});
        };

        CHECK(clusters({{.role = "a", .scope = {.cluster = "x"}},
                        {.role = "b", .scope = {.cluster = "x", .company = "c"}}}) ==
              std::vector<std::string>{"x"});
        CHECK_FALSE(clusters({{.role = "a", .scope = {.cluster = "x"}}, {.role = "b"}}));
        CHECK(clusters({})->empty());
    }
}
