#include "server/stream/subscriber.hpp"

#include <doctest/doctest.h>

using namespace sillage;
using namespace sillage::server;

TEST_SUITE("stream/subscriber") {
    TEST_CASE("every member of a filter that asks for something must hold") {
        LogPiece piece;
        piece.entry.instance = "ins_1";
        piece.subject =
            Birth{.workflow = "w", .company = "com_1", .cohort = "coh_1", .cluster = "clu_1"};

        CHECK(admits({}, piece));
        CHECK(admits({.instance = "ins_1",
                      .cohort = "coh_1",
                      .cluster = "clu_1",
                      .company = "com_1",
                      .workflow = "w"},
                     piece));
        for (const StreamFilter& other :
             {StreamFilter{.instance = "x"}, StreamFilter{.cohort = "x"},
              StreamFilter{.cluster = "x"}, StreamFilter{.company = "x"},
              StreamFilter{.workflow = "x"}}) {
            CHECK_FALSE(admits(other, piece));
        }
    }
}
