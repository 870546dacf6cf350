#include "engine/store/sqlite/delivery_book.hpp"

#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sillage;
using test::ok;

namespace {

constexpr Instant now{1'798'761'600'000};

Delivery delivery(std::uint64_t number, const std::string& webhook = "whk_1") {
    Delivery made{.webhook = webhook,
                  .event = "evt_" + std::to_string(number),
                  .type = "sillage.instance.started",
                  .instance = "ins_1",
                  .created_at = Instant{now.milliseconds + static_cast<std::int64_t>(number)},
                  .headers = {"Content-Type: application/json"},
                  .body = std::string("{\"a\":\"\xc3\xa9\0\"}", 11)};
    made.progress.number = number;
    return made;
}

/// A book in a folder of its own.
struct Shelf {
    test::TemporaryFolder folder;
    std::unique_ptr<DeliveryBook> book = open();

    [[nodiscard]] std::unique_ptr<DeliveryBook> open() const {
        return ok(SqliteDeliveryBook::open(folder.path() / delivery_file));
    }
    void reopen() {
        book.reset();
        book = open();
    }
};

}  // namespace

TEST_SUITE("store/sqlite/delivery_book") {
    TEST_CASE("what was written is there after the book was opened again") {
        Shelf shelf;
        CHECK(ok(shelf.book->head()) == DeliveryHead{.is_new = true});
        DeliveryBatch batch{.added = {delivery(1), delivery(2, "whk_2")}, .position = 7};
        batch.attempts = {{.delivery = 1,
                           .attempt = 1,
                           .at = now,
                           .took = Duration{12},
                           .times = {.name_lookup = Duration{1}, .wait = Duration{9}},
                           .status = 500,
                           .failure = "x",
                           .signature = "v1,a",
                           .answer_headers = {"A: b"},
                           .answer = "no"}};
        batch.health = {{.webhook = "whk_1", .failing_since = now}};
        ok(shelf.book->write(batch));
        shelf.reopen();

        CHECK(ok(shelf.book->head()) == DeliveryHead{.position = 7, .number = 2});
        CHECK(ok(shelf.book->delivery(1)) == delivery(1));
        CHECK(ok(shelf.book->attempts(1)) == batch.attempts);
        CHECK(ok(shelf.book->failing_since("whk_1")) == now);
        CHECK(ok(shelf.book->failing_since("whk_2")) == std::nullopt);
        CHECK(ok(shelf.book->delivery(3)) == std::nullopt);
    }

    TEST_CASE("progress takes a delivery out of what is pending, or puts it back") {
        Shelf shelf;
        ok(shelf.book->write({.added = {delivery(1), delivery(2), delivery(3)}}));
        DeliveryProgress done = delivery(2).progress;
        done.status = DeliveryStatus::delivered;
        done.attempt_count = 1;
        done.ended_at = now;
        ok(shelf.book->write({.changed = {done}}));

        const auto pending = ok(shelf.book->pending("whk_1", 0, 10));
        REQUIRE(pending.size() == 2);
        CHECK(pending.back() == delivery(3));
        CHECK(ok(shelf.book->pending("whk_1", 1, 10)).size() == 1);
        CHECK(ok(shelf.book->delivery(2))->progress == done);
        ok(shelf.book->write({.changed = {delivery(2).progress}}));
        CHECK(ok(shelf.book->pending("whk_1", 0, 10)).size() == 3);
    }

    TEST_CASE("lists are of one webhook, the latest first or the oldest, and filtered") {
        Shelf shelf;
        Delivery other = delivery(3);
        other.type = "paid";
        other.instance = "ins_2";
        ok(shelf.book->write({.added = {delivery(1), delivery(2), other, delivery(4, "whk_2")}}));
        const auto numbers = [&](DeliveryFilter filter) {
            filter.webhook = "whk_1";
            std::vector<std::uint64_t> found;
            for (const Delivery& row : ok(shelf.book->deliveries(filter))) {
                found.push_back(row.progress.number);
            }
            return found;
        };

        CHECK(numbers({}) == std::vector<std::uint64_t>{3, 2, 1});
        CHECK(numbers({.after = 3}) == std::vector<std::uint64_t>{2, 1});
        CHECK(ok(shelf.book->numbers({.webhook = "whk_1", .after = 1})) ==
              std::vector<std::uint64_t>{2, 3});
        CHECK(numbers({.type = "paid"}) == std::vector<std::uint64_t>{3});
        CHECK(numbers({.instance = "ins_1", .limit = 1}) == std::vector<std::uint64_t>{2});
        CHECK(numbers({.event = "evt_2"}) == std::vector<std::uint64_t>{2});
        CHECK(numbers({.status = DeliveryStatus::failed}).empty());
        CHECK(numbers({.since = now + Duration{2}, .until = now + Duration{3}}) ==
              std::vector<std::uint64_t>{2});
    }

    TEST_CASE("what is old goes, oldest first, and what is pending for nobody is given up") {
        Shelf shelf;
        DeliveryBatch batch{.added = {delivery(1), delivery(2), delivery(3)}};
        batch.attempts = {{.delivery = 1, .attempt = 1, .at = now}};
        ok(shelf.book->write(batch));

        CHECK(ok(shelf.book->prune(now + Duration{3}, 1)) == 1);
        CHECK(ok(shelf.book->prune(now + Duration{3}, 10)) == 1);
        CHECK(ok(shelf.book->prune(now + Duration{3}, 10)) == 0);
        CHECK(ok(shelf.book->attempts(1)).empty());
        CHECK(ok(shelf.book->delivery(3)).has_value());
        ok(shelf.book->give_up("whk_1", now));
        CHECK(ok(shelf.book->delivery(3))->progress.status == DeliveryStatus::failed);
    }

    TEST_CASE("a copy has what was delivered, and is behind the log that it lies beside") {
        Shelf shelf;
        ok(shelf.book->write({.added = {delivery(1)}, .position = 7}));
        const test::TemporaryFolder other;
        ok(copy_book(shelf.folder.path(), other.path(), 5));
        const auto copy = ok(SqliteDeliveryBook::open(other.path() / delivery_file));

        CHECK(ok(copy->head()) == DeliveryHead{.position = 5, .number = 1});
        CHECK(ok(copy->delivery(1)) == delivery(1));

        const test::TemporaryFolder empty;
        ok(copy_book(empty.path(), other.path(), 5));
    }

    TEST_CASE("of large deliveries fewer are read at once, and none twice") {
        Shelf shelf;
        DeliveryBatch batch;
        for (std::uint64_t number = 1; number <= 6; ++number) {
            batch.added.push_back(delivery(number));
            batch.added.back().body.assign(1'500'000, 'x');
        }
        ok(shelf.book->write(batch));
        std::vector<std::uint64_t> found;
        for (std::size_t reads = 0; reads < 4; ++reads) {
            const std::uint64_t after = found.empty() ? 0 : found.back();
            const auto rows = ok(shelf.book->pending("whk_1", after, 100));
            CHECK(rows.size() < 6);
            for (const Delivery& row : rows) {
                found.push_back(row.progress.number);
            }
        }
        CHECK(found == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
    }
}
