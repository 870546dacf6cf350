// A log with one fault planted: the audit names its entry.

#include "engine/runtime/audit.hpp"

#include <fmt/format.h>

#include <functional>

#include "engine/base/hash.hpp"
#include "engine/runtime/entry_hash.hpp"
#include "engine/store/entry_json.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/support/ok.hpp"

using namespace sillage;

namespace {

using Lines = std::vector<LogLine>;

/// Six entries of two instances that take turns, and what their rows know.
Lines sample_log(std::vector<InstanceHead>& heads) {
    Lines log;
    std::string chain;
    heads = {{.instance = "ins_1"}, {.instance = "ins_2"}};
    for (std::uint64_t position = 1; position <= 6; ++position) {
        InstanceHead& head = heads[(position - 1) % 2];
        InstanceWrite write = test::sample_write(head.instance, ++head.sequence);
        write.entry.salt = fmt::format("{:032x}", position);
        write.entry.previous_hash = head.head;
        seal(write);
        head.head = write.entry.hash;
        head.snapshot_hash = write.entry.after_hash;
        chain = chain_hash(chain, head.head);
        log.push_back({.position = position,
                       .body = write.body,
                       .payload = write.payload,
                       .salt = write.entry.salt,
                       .hash = head.head,
                       .chain = chain});
    }
    return log;
}

/// What is found after the change, as `position:sequence …`.
std::string found_after(const std::function<void(Lines&)>& change) {
    std::vector<InstanceHead> heads;
    Lines log = sample_log(heads);
    change(log);
    Audit audit;
    for (const LogLine& line : log) {
        audit.take(line);
    }
    for (const InstanceHead& head : heads) {
        audit.take(head);
    }
    audit.take_projected(6);
    std::string found;
    for (const AuditFault& fault : audit.faults()) {
        const std::string one = fmt::format("{}:{} ", fault.position, fault.sequence);
        found += found.ends_with(one) ? "" : one;
    }
    return found;
}

}  // namespace

TEST_SUITE("runtime/audit") {
    TEST_CASE("a log as it was written holds") {
        CHECK(found_after([](Lines&) {}) == "");
    }

    TEST_CASE("a payload that is gone is named, and breaks the chain of no other entry") {
        CHECK(found_after([](Lines& log) { log[2].payload = log[2].salt = ""; }) == "3:2 ");
    }

    TEST_CASE("a changed entry is named") {
        CHECK(found_after([](Lines& log) { log[2].body.back() = ' '; }).starts_with("3:"));
        CHECK(found_after([](Lines& log) { log[2].payload.back() = ' '; }) == "3:2 ");
        CHECK(found_after([](Lines& log) { log[2].salt = "0"; }) == "3:2 ");
        CHECK(found_after([](Lines& log) { log[2].chain = "0"; }).starts_with("3:2 "));
        CHECK(found_after([](Lines& log) {
                  const std::size_t at = log[2].body.find("acc_1");
                  log[2].body.replace(at, 5, "acc_2");
                  log[2].hash = sha256_hex(log[2].body);  // whoever did it knows of hashes
              }).starts_with("3:2 "));
    }

    TEST_CASE("a dropped entry is named") {
        CHECK(found_after([](Lines& log) { log.erase(log.begin() + 2); }).starts_with("3:0 "));
        CHECK(found_after([](Lines& log) { log.erase(log.begin()); }).starts_with("1:0 "));
    }

    TEST_CASE("two entries that changed places are named") {
        CHECK(found_after([](Lines& log) {
                  std::swap(log[2], log[3]);
                  std::swap(log[2].position, log[3].position);
              }).starts_with("3:2 "));
    }

    TEST_CASE("a log that was cut is told by what the rows know") {
        CHECK(found_after([](Lines& log) { log.pop_back(); }) == "0:3 6:0 ");
    }

    TEST_CASE("a log that was cut or exchanged is told by where it ended once") {
        const auto message_of = [](std::uint64_t position, std::string chain) {
            Audit audit;
            audit.expect_end(position, std::move(chain));
            audit.take({.position = 1, .chain = "b"});
            audit.take_projected(0);
            return audit.faults().front().message;
        };

        CHECK(message_of(1, "b") == message_of(0, ""));
        CHECK(message_of(1, "c") == "It is not the entry that the log ended with once.");
        Audit audit;
        audit.expect_end(3, "d");
        audit.take_projected(2);
        REQUIRE(audit.faults().size() == 1);
        CHECK(audit.faults().front() ==
              AuditFault{.position = 1, .message = "It is missing, and all up to 3."});
    }

    TEST_CASE("a stored state that its last entry did not leave is named") {
        std::vector<InstanceHead> heads;
        const Lines log = sample_log(heads);
        const auto fault_count = [&](const InstanceHead& head) {
            Audit audit;
            for (const LogLine& line : log) {
                audit.take(line);
            }
            audit.take(head);
            return audit.faults().size();
        };

        CHECK(fault_count(heads.front()) == 0);
        heads.front().snapshot_hash = "another";
        CHECK(fault_count(heads.front()) == 1);
        heads.front().sequence -= 1;  // a start brings it up, and compares
        CHECK(fault_count(heads.front()) == 0);
    }

    TEST_CASE("faults are told up to a number, not without end") {
        Audit audit;
        audit.take({.position = 1'000'000});
        CHECK(audit.faults().size() == audit_faults_max);
        CHECK(audit.faults().front() == AuditFault{.position = 1, .message = "It is missing."});
    }
}
