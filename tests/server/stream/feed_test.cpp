#include "server/stream/feed.hpp"

#include "tests/server/routes/world.hpp"

using namespace sillage;
using namespace sillage::server;
using test::World;

namespace {

struct Source {
    World world;
    Feed feed;
    std::string company;
    int news = 0;

    Source() {
        feed.on_news = [this] { ++news; };
        test::ok(feed.attach(world.store));
        world.publish();
        company = world.company(world.cluster("A"), "Maison");
    }
    ~Source() { world.gate.stop(); }
    void happen() { world.instance(company); }
};

}  // namespace

TEST_SUITE("stream/feed") {
    TEST_CASE("nothing is kept while nobody listens") {
        Source source;
        source.happen();

        CHECK(source.news == 0);
        CHECK(source.feed.take().writes.empty());
        CHECK(source.feed.take().position == 1);
    }

    TEST_CASE("whoever opens it is given everything after that position, once") {
        Source source;
        source.happen();
        CHECK(source.feed.open() == 1);
        source.happen();
        source.happen();
        const Feed::Taken taken = source.feed.take();

        CHECK(source.news == 2);
        REQUIRE(taken.writes.size() == 2);
        CHECK(taken.writes[0]->entry.position == 2);
        CHECK(taken.position == 3);
        CHECK_FALSE(taken.has_overflowed);
        CHECK(source.feed.take().writes.empty());
    }

    TEST_CASE("what nobody listens to any more is let go of") {
        Source source;
        source.feed.open();
        source.feed.open();
        source.happen();
        source.feed.close();
        CHECK(source.feed.take().writes.size() == 1);
        source.happen();
        source.feed.close();

        CHECK(source.feed.take().writes.empty());
    }
}
