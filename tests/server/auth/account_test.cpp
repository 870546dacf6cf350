#include "server/auth/account.hpp"

#include <doctest/doctest.h>

#include "engine/base/json.hpp"

using namespace sillage;
using namespace sillage::server;

TEST_SUITE("auth/account") {
    TEST_CASE("a binding covers what shares every member that it sets") {
        const Scope thing{
            .cluster = "clu_a", .cohort = "coh_a", .company = "com_a", .instance = "ins_a"};

        CHECK(covers(Scope{}, thing));
        CHECK(covers(Scope{.cluster = "clu_a"}, thing));
        CHECK(covers(Scope{.cohort = "coh_a", .company = "com_a"}, thing));
        CHECK_FALSE(covers(Scope{.cluster = "clu_b"}, thing));
        CHECK_FALSE(covers(Scope{.cluster = "clu_a", .company = "com_b"}, thing));
        CHECK_FALSE(covers(Scope{.company = "com_a"}, Scope{.cluster = "clu_a"}));
    }

    TEST_CASE("a binding to an instance covers those that descend from it") {
        const Scope child{.company = "com_a", .instance = "ins_c", .ancestors = {"ins_a", "ins_b"}};

        CHECK(covers(Scope{.instance = "ins_c"}, child));
        CHECK(covers(Scope{.instance = "ins_a"}, child));
        CHECK(covers(Scope{.company = "com_a", .instance = "ins_b"}, child));
        CHECK_FALSE(covers(Scope{.company = "com_b", .instance = "ins_b"}, child));
        CHECK_FALSE(covers(Scope{.instance = "ins_d"}, child));
    }

    TEST_CASE("a binding is written without what it does not name, and read back") {
        const Binding binding{.role = "sme", .scope = {.company = "com_a"}};

        CHECK(to_json_text(to_json(binding)) == R"({"role":"sme","company":"com_a"})");
        CHECK(binding_of(to_json(binding)) == binding);
    }

    TEST_CASE("an account is what its record's effective bindings say") {
        Record record{.kind = RecordKind::account, .id = "acc_a"};
        record.body = {{"name", "Ana"},
                       {"roles", boost::json::array()},
                       {"bindings", {{{"role", "mentor"}, {"cluster", "clu_a"}}}}};

        CHECK(account_of(record) ==
              Account{.id = "acc_a",
                      .name = "Ana",
                      .bindings = {{.role = "mentor", .scope = {.cluster = "clu_a"}}}});
    }

    TEST_CASE("things lie in their cluster") {
        CHECK(scope_of(Record{.kind = RecordKind::cluster, .id = "clu_a"}) ==
              Scope{.cluster = "clu_a"});
        CHECK(scope_of(Record{.kind = RecordKind::company, .id = "com_a", .cluster = "clu_a"}) ==
              Scope{.cluster = "clu_a", .company = "com_a"});
        CHECK(scope_of(Record{.kind = RecordKind::cohort, .id = "coh_a", .cluster = "clu_a"}) ==
              Scope{.cluster = "clu_a", .cohort = "coh_a"});
    }
}
