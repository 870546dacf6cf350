#include "engine/store/sqlite/timer_window.hpp"

#include <thread>

#include "engine/store/memory/memory_store.hpp"
#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/engine/store/samples.hpp"
#include "tests/property/dice.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using test::ok;

namespace {

StoredTimer due_at(std::int64_t due, std::uint64_t id = 1) {
    return {.id = id, .due = Instant{due}};
}

WakingRow row(const char* instance, std::int64_t wake, std::vector<StoredTimer> timers) {
    return {.wake = {.instance = instance, .timer = due_at(wake)},
            .sequence = 7,
            .timers = std::move(timers)};
}

bool is_shown(const std::string& /*instance*/) { return false; }

std::string order_of(const TimerWindow& window) {
    std::string text;
    for (const FirstTimers::One& one : window.order()) {
        text += *one.instance + "@" + std::to_string(one.timer.due.milliseconds) + " ";
    }
    return text;
}

InstanceWrite write_of(const std::string& instance, std::uint64_t sequence,
                       std::vector<StoredTimer> timers) {
    InstanceWrite write = test::sample_write(instance, sequence);
    write.timers = std::move(timers);
    return write;
}

/// One transaction, as a request makes it.
void accept(Store& store, const std::vector<InstanceWrite>& writes) {
    const auto transaction = ok(store.begin());
    for (const InstanceWrite& write : writes) {
        ok(transaction->append(write));
    }
    ok(transaction->accept());
}

/// A folder and what it is asked of while nobody serves it.
struct Disk {
    test::TemporaryFolder folder;
    std::unique_ptr<SqliteStore> store = open();

    [[nodiscard]] std::unique_ptr<SqliteStore> open() const {
        return ok(SqliteStore::open({.folder = folder.path() / "data"}));
    }
    /// Everything is in the tables then.
    void restart() {
        ok(ok(store->begin())->commit());
        store.reset();
        store = open();
    }
    [[nodiscard]] std::int64_t count(const char* question) const {
        SQLite::Database database = open_reader(folder.path() / "data" / "sillage.db");
        return database.execAndGet(question).getInt64();
    }
};

/// Writes of a few instances, the same to both stores, with all that moves timers.
class Twins {
  public:
    explicit Twins(std::uint64_t seed) : dice_(seed) {}

    void write() {
        const std::size_t index = dice_.roll(sequences_.size());
        std::vector<StoredTimer> timers;
        for (std::uint64_t id = dice_.roll(4); id > 0; --id) {
            timers.push_back({.id = id,
                              .due = Instant{static_cast<std::int64_t>(100 + dice_.roll(40))},
                              .started = Instant{static_cast<std::int64_t>(dice_.roll(3))},
                              .state = static_cast<std::uint32_t>(dice_.roll(3))});
        }
        const InstanceWrite write =
            write_of("ins_" + std::to_string(index), ++sequences_[index], std::move(timers));
        accept(memory_, {write});
        accept(*disk_.store, {write});
        if (dice_.chance(1, 40)) {
            disk_.restart();
        } else if (dice_.chance(1, 10)) {
            wait_for_tables();
        }
    }

    /// The next look, and the moment of the next, are the same in both.
    void compare() {
        const auto view = ok(disk_.store->read());
        const auto plain = ok(memory_.read());
        const Instant until{static_cast<std::int64_t>(100 + dice_.roll(45))};
        const std::size_t limit = 1 + dice_.roll(8);
        const std::optional<Instant> next = ok(plain->next_due());
        const std::optional<Instant> bound = ok(view->next_due());
        CHECK(bound.value_or(instant_max) <= next.value_or(instant_max));
        const DueTimers due = ok(view->due_timers(until, limit));
        CHECK_FALSE(due.cut_at);
        CHECK(due.rows == ok(plain->due_timers(until, limit)).rows);
        if (next.value_or(instant_max) <= until) {
            CHECK(ok(view->next_due()) == next);
        }
    }

  private:
    /// Some 20 ms, in which nothing is accepted.
    void wait_for_tables() {
        ok(ok(disk_.store->begin())->commit());
        std::uint64_t last = 0;
        for (const std::uint64_t sequence : sequences_) {
            last += sequence;
        }
        SQLite::Database database = open_reader(disk_.folder.path() / "data" / "sillage.db");
        SQLite::Statement count(database, "SELECT coalesce(sum(sequence), 0) FROM instance");
        for (bool is_behind = true; is_behind; std::this_thread::yield()) {
            Use use(count);
            REQUIRE(use.step());
            is_behind = use.count(0) < last;
        }
    }

    test::Dice dice_;
    std::vector<std::uint64_t> sequences_ = std::vector<std::uint64_t>(150);
    MemoryStore memory_;
    Disk disk_;
};

}  // namespace

TEST_SUITE("store/sqlite/timer_window") {
    TEST_CASE("rows are taken in by their real first timer, and stale wakes are told") {
        TimerWindow window;
        CHECK(window.is_new());

        const auto corrections =
            window.add({row("a", 1, {due_at(1)}), row("b", 2, {due_at(9, 2)}), row("c", 3, {})},
                       true, is_shown);

        CHECK(order_of(window) == "a@1 b@9 ");
        REQUIRE(corrections.size() == 2);
        CHECK(corrections[0].instance == "b");
        CHECK(corrections[0].sequence == 7);
        CHECK(corrections[0].first == due_at(9, 2));
        CHECK(corrections[1].first == std::nullopt);
        CHECK(window.reached().instance == "c");
        CHECK(window.rest() == window.reached());
        CHECK(window.add({row("d", 4, {due_at(4)})}, false, is_shown).empty());
        CHECK(window.rest() == std::nullopt);
    }

    TEST_CASE("what the tables get later is known where rows were read, else where to read on") {
        TimerWindow window;
        window.add({row("a", 1, {due_at(9)}), row("b", 5, {})}, false, is_shown);

        window.put("c", std::vector{due_at(4)}, false);
        window.put("b", std::vector{due_at(8)}, false);  // its wake is behind, wherever it fires
        CHECK(order_of(window) == "c@4 b@8 a@9 ");
        CHECK(window.rest() == std::nullopt);
        window.put("d", std::vector{due_at(7)}, false);
        window.put("e", std::vector{due_at(6)}, false);
        CHECK(order_of(window) == "c@4 b@8 a@9 ");
        CHECK(window.rest()->instance == "e");
    }

    TEST_CASE("a row is not shown while what was accepted stands before it") {
        TimerWindow window;
        window.add({row("a", 1, {due_at(1)}), row("b", 2, {due_at(2)})}, false,
                   [](const std::string& instance) { return instance == "b"; });
        window.hide("a");
        window.hide("x");
        CHECK(window.order().empty());

        window.put("a", std::vector{due_at(3)}, true);
        CHECK(window.order().empty());
        window.put("a", std::vector{due_at(4)}, false);
        CHECK(order_of(window) == "a@4 ");
        window.clear();
        CHECK(window.is_new());
        CHECK(window.order().empty());
    }

    TEST_CASE("timers fire as from a store in memory, however far the tables are") {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            Twins twins(seed);
            for (int round = 0; round < 600; ++round) {
                CAPTURE(seed);
                CAPTURE(round);
                twins.write();
                twins.compare();
            }
        }
    }

    TEST_CASE("thousands of timers that were put off cost a bounded look each, and one time") {
        constexpr std::size_t many = 5'000;
        Disk disk;
        for (const std::uint64_t sequence : {1U, 2U}) {
            std::vector<InstanceWrite> writes;
            for (std::size_t index = 0; index < many; ++index) {
                writes.push_back(write_of("ins_" + std::to_string(index), sequence,
                                          {due_at(static_cast<std::int64_t>(sequence) * 1'000)}));
            }
            accept(*disk.store, writes);
            accept(*disk.store, {write_of("one", sequence, {due_at(1'500)})});
            disk.restart();
        }
        CHECK(disk.count("SELECT count(*) FROM instance WHERE wake_due = 1000") == many);
        CHECK(ok(ok(disk.store->read())->next_due()) == Instant{1'000});

        DueTimers due;
        int looks = 0;
        for (; due.rows.empty() && looks < 1'000'000; ++looks) {
            due = ok(ok(disk.store->read())->due_timers(Instant{1'600}, 1));
            REQUIRE(due.rows.empty() == due.cut_at.has_value());
            std::this_thread::yield();
        }

        CHECK(looks > 4);
        REQUIRE(due.rows.size() == 1);
        CHECK(due.rows[0].instance == "one");
        CHECK(ok(ok(disk.store->read())->next_due()) == Instant{1'500});
        disk.restart();
        CHECK(disk.count("SELECT count(*) FROM instance WHERE wake_due = 1000") == 0);
        CHECK(disk.count("SELECT count(*) FROM instance WHERE wake_due = 2000") == many);
        CHECK(ok(ok(disk.store->read())->due_timers(Instant{1'600}, 1)).rows == due.rows);
    }
}
