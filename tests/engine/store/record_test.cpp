#include "engine/store/record.hpp"

#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

TEST_SUITE("store/record") {
    TEST_CASE("an instance is born again as what it was born") {
        InstanceRecord record = test::sample_write("ins_1", 3).instance;
        record.key = "CV-1";
        record.parent = ParentLink{.instance = "ins_0", .invoke_id = "tracks.0", .serial = 2};
        record.ancestors = {"ins_0"};
        record.fragment = "0.1";
        record.document = "<scxml/>";

        const InstanceRecord again = record_of(birth_of(record), "ins_1", record.started_at);

        CHECK(birth_of(again) == birth_of(record));
        CHECK(again.id == record.id);
        CHECK(again.started_at == record.started_at);
        CHECK(again.sequence == 0);
    }
}
