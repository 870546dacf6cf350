#include "server/stream/outlet.hpp"

#include <doctest/doctest.h>

using namespace sillage::server;

namespace {

SharedText text(std::string of) { return std::make_shared<const std::string>(std::move(of)); }

bool is_taken(Outlet::Verdict verdict) { return verdict == Outlet::Verdict::taken; }

}  // namespace

TEST_SUITE("stream/outlet") {
    TEST_CASE("texts are taken together and in order") {
        Outlet outlet;
        CHECK(is_taken(outlet.put({text("a"), text("b")})));
        CHECK(is_taken(outlet.put({text("c")})));

        CHECK(outlet.take() == "abc");
        CHECK(outlet.take().empty());
    }

    TEST_CASE("a connection is woken once until it takes what there is") {
        Outlet outlet;
        int woken = 0;
        outlet.open([&] { ++woken; });
        outlet.put({text("a")});
        outlet.put({text("b")});
        CHECK(woken == 1);

        CHECK(outlet.take() == "ab");
        outlet.put({text("c")});
        CHECK(woken == 2);
    }

    TEST_CASE("S2: a reader that lets more than 256 KiB wait is cut") {
        Outlet outlet;
        const SharedText kibibyte = text(std::string(1024, 'x'));
        for (std::size_t i = 0; i < 256; ++i) {
            CHECK(is_taken(outlet.put({kibibyte})));
        }
        CHECK_FALSE(outlet.has_ended());
        CHECK(outlet.put({text("x")}) == Outlet::Verdict::cut);

        CHECK(outlet.has_ended());
        CHECK(outlet.take().empty());
        CHECK(outlet.put({kibibyte}) == Outlet::Verdict::ended);
    }

    TEST_CASE("S2: one text of any length is taken when nothing waits, and 256 KiB beside it") {
        Outlet outlet;
        const SharedText half = text(std::string(outlet_bytes_max / 2, 'x'));
        CHECK(is_taken(outlet.put({text(std::string(3 * outlet_bytes_max, 'y'))})));
        CHECK(is_taken(outlet.put({half, half})));
        CHECK(outlet.put({text("x")}) == Outlet::Verdict::cut);

        Outlet other;
        CHECK(is_taken(other.put({text("x")})));
        CHECK(other.put({half, half}) == Outlet::Verdict::cut);
    }

    TEST_CASE("whoever finds something waiting is told once, when it was taken") {
        Outlet outlet;
        int told = 0;
        outlet.on_emptied([&] { ++told; });
        CHECK(outlet.is_empty());
        outlet.put({text("a")});
        CHECK(outlet.take() == "a");
        CHECK(told == 0);

        outlet.put({text("b")});
        CHECK_FALSE(outlet.is_empty());
        CHECK(outlet.take() == "b");
        CHECK(outlet.take().empty());
        CHECK(told == 1);
    }

    TEST_CASE("an outlet that has ended still gives what waits") {
        Outlet outlet;
        outlet.put({text("last")});
        outlet.end();

        CHECK_FALSE(outlet.has_ended());
        CHECK(outlet.take() == "last");
        CHECK(outlet.has_ended());
    }

    TEST_CASE("an outlet knows when its reader has gone") {
        const auto outlet = std::make_shared<Outlet>();
        int gone = 0;
        auto body = std::make_unique<OutletBody>(outlet, [&] { ++gone; });
        CHECK(body->heartbeat() == ":\n\n");
        CHECK_FALSE(outlet->has_left());
        body.reset();

        CHECK(outlet->has_left());
        CHECK(gone == 1);
    }
}
