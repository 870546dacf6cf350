// A registry with one fault planted: the audit names the record.

#include "engine/runtime/registry_audit.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>

#include "engine/store/entry_json.hpp"

using namespace sillage;

namespace {

using Lines = std::vector<RegistryLine>;

/// One revision of before, then six changes of two records that take turns.
Lines sample() {
    Lines lines{{.id = "clu_0", .revision = 1, .body = "{}"}};
    std::string chain;
    for (std::uint64_t change = 1; change <= 6; ++change) {
        RegistryLine line{.change = change,
                          .kind = RecordKind::account,
                          .id = change % 2 == 1 ? "acc_1" : "acc_2",
                          .revision = (change + 1) / 2,
                          .body = fmt::format(R"({{"n":{}}})", change)};
        chain = chain_hash(chain, registry_hash(line));
        line.chain = chain;
        lines.push_back(std::move(line));
    }
    return lines;
}

/// What is found after the change, as `record:number …`.
std::string found_after(const std::function<void(Lines&)>& change) {
    Lines lines = sample();
    RegistryAudit audit({.uncounted = 1, .change = 6, .chain = lines.back().chain});
    change(lines);
    for (const RegistryLine& line : lines) {
        audit.take(line);
    }
    audit.finish();
    std::string found;
    for (const AuditFault& fault : audit.faults()) {
        const std::string one = fmt::format("{}:{} ", fault.instance, fault.sequence);
        found += found.ends_with(one) ? "" : one;
    }
    return found;
}

}  // namespace

TEST_SUITE("runtime/registry_audit") {
    TEST_CASE("a registry that is as it was written has no fault") {
        CHECK(found_after([](Lines&) {}).empty());
    }

    TEST_CASE("TM47: a change, and a record that was put in, left out or cut off, is named") {
        CHECK(found_after([](Lines& lines) { lines[3].body = R"({"n":9})"; }) == "acc_1:2 ");
        CHECK(found_after([](Lines& lines) { lines[3].lookup = "x"; }) == "acc_1:2 ");
        CHECK(found_after([](Lines& lines) { lines.erase(lines.begin() + 3); }) ==
              "registry:3 acc_2:2 acc_1:3 ");
        CHECK(found_after([](Lines& lines) { lines.pop_back(); }) == "registry:6 ");
        CHECK(found_after([](Lines& lines) { lines.clear(); }) == "registry:1 registry:0 ");
        CHECK(found_after([](Lines& lines) {
                  lines.insert(lines.begin(), {.id = "clu_9", .revision = 1, .body = "{}"});
              }) == "registry:0 ");
        CHECK(found_after([](Lines& lines) {
                  RegistryLine more{.change = 7, .id = "acc_9", .revision = 1, .body = "{}"};
                  more.chain = "made up";
                  lines.push_back(more);
              }) == "acc_9:1 ");
        CHECK(found_after([](Lines& lines) { lines[6].change = 5; }) == "acc_2:3 registry:6 ");
    }

    TEST_CASE("TM47: a last change that was written anew is not the one that was there") {
        CHECK(found_after([](Lines& lines) {
                  RegistryLine& last = lines.back();
                  last.body = R"({"n":9})";
                  last.chain = chain_hash(lines[5].chain, registry_hash(last));
              }) == "acc_2:3 ");
    }
}
