#include "engine/store/registry_line.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

using namespace sillage;

TEST_SUITE("store/registry_line") {
    TEST_CASE("TM47: whatever of a change is another, its hash is, too") {
        const RegistryLine line{.change = 7,
                                .kind = RecordKind::account,
                                .id = "acc_1",
                                .revision = 2,
                                .cluster = "clu_1",
                                .lookup = "a@b.example",
                                .body = R"({"name":"Ana"})",
                                .at = Instant{5},
                                .chain = "c"};
        const std::vector<std::function<void(RegistryLine&)>> changes{
            [](RegistryLine& one) { one.change = 8; },
            [](RegistryLine& one) { one.kind = RecordKind::token; },
            [](RegistryLine& one) { one.id = "acc_2"; },
            [](RegistryLine& one) { one.revision = 3; },
            [](RegistryLine& one) { one.cluster = ""; },
            [](RegistryLine& one) { one.lookup = "e@b.example"; },
            [](RegistryLine& one) { one.body = R"({"name":"Eva"})"; },
            [](RegistryLine& one) { one.at = Instant{6}; }};

        for (const auto& change : changes) {
            RegistryLine other = line;
            change(other);
            CHECK(registry_hash(other) != registry_hash(line));
        }
        RegistryLine elsewhere = line;
        elsewhere.chain = "d";
        CHECK(registry_hash(elsewhere) == registry_hash(line));
    }
}
