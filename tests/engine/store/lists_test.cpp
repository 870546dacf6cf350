// Which instances every Store lists. Compiled into each test program with a backend of its own.

#include "tests/engine/store/fixture.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;
using test::commit_record;
using test::commit_write;
using test::ok;
using test::sample_record;
using test::sample_write;

namespace {

/// Three instances that differ in everything a list filters by.
test::OpenStore three_instances() {
    test::OpenStore open = test::fresh_store();
    Record maison = sample_record(RecordKind::company, "com_1");
    Record atelier = sample_record(RecordKind::company, "com_2");
    atelier.body["name"] = "Atelier 100% Œillet_";
    commit_record(*open.store, maison);
    commit_record(*open.store, atelier);
    commit_write(*open.store, sample_write("ins_1", 1));

    InstanceWrite second = sample_write("ins_2", 1);
    second.instance.update([](InstanceRecord& record) {
        record.company = "com_2";
        record.cohort = "coh_2";
        record.cluster = "clu_2";
        record.version = 2;
        record.key = "CV-2";
        record.stage = "journey";
        record.states = {"journey", "journey.a", "journey.b"};
        record.waiting_for = {"sme", "evaluator"};
        record.next_deadline = Instant{200'000};
        record.overdue = true;
    });
    commit_write(*open.store, second);

    InstanceWrite third = sample_write("ins_3", 1);
    third.instance.update([](InstanceRecord& record) {
        record.workflow = "import";
        record.cohort = "";
        record.stage = "graduated";
        record.states = {"graduated"};
        record.waiting_for = {};
        record.next_deadline = std::nullopt;
        record.done = true;
        record.parent = ParentLink{.instance = "ins_2", .invoke_id = "a", .serial = 1};
        record.ancestors = {"ins_1", "ins_2"};
    });
    commit_write(*open.store, third);
    return open;
}

struct Row {
    const char* about;
    InstanceFilter filter;
    std::string expected;
};

std::string listed(Store& store, const InstanceFilter& filter) {
    std::string digits;
    for (const InstanceRecord& record : ok(ok(store.read())->instances(filter))) {
        digits += record.id.substr(4);
    }
    return digits;
}

}  // namespace

TEST_SUITE("store/lists") {
    TEST_CASE("a list shows the instances for which all that is asked holds") {
        const test::OpenStore open = three_instances();
        const std::vector<Row> rows{
            {"everything", {}, "123"},
            {"workflow", {.workflow = "export"}, "12"},
            {"version", {.version = 2}, "2"},
            {"cohort", {.cohort = "coh_1"}, "1"},
            {"cluster", {.cluster = "clu_1"}, "13"},
            {"company", {.company = "com_2"}, "2"},
            {"stage", {.stage = "journey"}, "2"},
            {"state", {.state = "journey.b"}, "2"},
            {"compound state", {.state = "review"}, "1"},
            {"part of a state's id", {.state = "journey.", .limit = 9}, ""},
            {"waiting for, the second", {.waiting_for = "evaluator"}, "2"},
            {"overdue", {.overdue = true}, "2"},
            {"not overdue", {.overdue = false}, "13"},
            {"due before", {.due_before = Instant{200'000}}, "1"},
            {"due before, end", {.due_before = Instant{200'001}}, "12"},
            {"key", {.key = "CV-2"}, "2"},
            {"parent", {.parent = "ins_2"}, "3"},
            {"a grandparent is no parent", {.parent = "ins_1"}, ""},
            {"without a parent", {.parent = ""}, "12"},
            {"children in a cohort", {.cohort = "coh_1", .parent = "ins_2"}, ""},
            {"two at once", {.workflow = "export", .overdue = false}, "1"},
            {"cohort and state", {.cohort = "coh_2", .state = "journey.a"}, "2"},
            {"cursor", {.after = "ins_1"}, "23"},
            {"limit", {.limit = 2}, "12"},
            {"cursor in a cohort", {.cohort = "coh_1", .after = "ins_1"}, ""},
        };

        for (const Row& row : rows) {
            CAPTURE(row.about);
            CHECK(listed(*open.store, row.filter) == row.expected);
        }
    }

    TEST_CASE("a part of the company's name is found without regard to case") {
        const test::OpenStore open = three_instances();
        const std::vector<Row> rows{
            {"small", {.q = "élég"}, "13"},        {"capital", {.q = "ÉLÉG"}, "13"},
            {"ligature", {.q = "œILLET"}, "2"},    {"a percent sign is itself", {.q = "100%"}, "2"},
            {"and no wildcard", {.q = "a%e"}, ""}, {"nor is a line", {.q = "_"}, "2"},
            {"a quote", {.q = "' OR ''='"}, ""},
        };

        for (const Row& row : rows) {
            CAPTURE(row.about);
            CHECK(listed(*open.store, row.filter) == row.expected);
        }
    }

    TEST_CASE("whoever asks sees what one of the bindings admits") {
        const test::OpenStore open = three_instances();
        using Admission = InstanceFilter::Admission;
        const auto admitted = [](std::vector<Admission> bindings) {
            return InstanceFilter{.admitted = std::move(bindings)};
        };
        const std::vector<Row> rows{
            {"no binding", admitted({}), ""},
            {"one that asks for nothing", admitted({Admission{}}), "123"},
            {"a cluster", admitted({{.cluster = "clu_2"}}), "2"},
            {"a cohort", admitted({{.cohort = "coh_1"}}), "1"},
            {"a company", admitted({{.company = "com_1"}}), "13"},
            {"an instance", admitted({{.instance = "ins_3"}}), "3"},
            {"an instance and its child", admitted({{.instance = "ins_2"}}), "23"},
            {"an instance and its grandchild", admitted({{.instance = "ins_1"}}), "13"},
            {"two parts of one", admitted({{.cluster = "clu_1", .cohort = "coh_1"}}), "1"},
            {"either", admitted({{.cohort = "coh_1"}, {.cohort = "coh_2"}}), "12"},
            {"against the filter", {.cohort = "coh_1", .admitted = {{{.cohort = "coh_2"}}}}, ""},
        };

        for (const Row& row : rows) {
            CAPTURE(row.about);
            CHECK(listed(*open.store, row.filter) == row.expected);
        }
    }
}
