#include "server/catalogue/log_piece.hpp"

#include "tests/server/catalogue/tale.hpp"

using namespace sillage;
using namespace sillage::server;
using test::Tale;

TEST_SUITE("catalogue/log_piece") {
    TEST_CASE("the log is read in pieces that know what their instance is") {
        Tale tale;
        tale.step("ana", "ask");
        const auto pieces = tale.pieces();

        REQUIRE(pieces.size() == 2);
        CHECK(pieces[1].entry.event == "ask");
        CHECK(pieces[1].subject.company == tale.company);
        CHECK(pieces[1].definition->name == "selection");
        CHECK(scope_of(pieces[1]).instance == tale.instance);
        CHECK(scope_of(pieces[1]).cohort == tale.cohort);
    }

    TEST_CASE("the log goes on after a position, so many at a time") {
        Tale tale;
        tale.step("ana", "ask");
        tale.step("ana", "ask");
        const auto page = test::ok(
            tale.world.runtime.read([](Reader& reader) { return log_after(reader, 1, 1); }));

        REQUIRE(page.size() == 1);
        CHECK(page[0].entry.position == 2);
    }

    TEST_CASE("who may not read an instance does not listen to its log") {
        Tale tale;
        const LogPiece piece = tale.pieces().back();

        CHECK_FALSE(addressee_of(piece, tale.account("olga")));
        CHECK_FALSE(addressee_of(piece, Account{}));
        CHECK(addressee_of(piece, tale.account("ana"))->call.audience == Audience::outside);
        CHECK(addressee_of(piece, tale.account("mia"))->with_effects);
    }

    TEST_CASE("accounts that are told the same have one key, others another") {
        Tale tale;
        tale.step("eva", "sign", R"({"points":71})");
        const LogPiece piece = tale.pieces().back();
        const auto key = [&](const std::string& name) {
            return audience_key(piece, *addressee_of(piece, tale.account(name)));
        };

        CHECK(key("eva") != key("eric"));  // it is hers
        CHECK(key("ana") != key("mia"));
        tale.step("mia", "agree");
        const LogPiece later = tale.pieces().back();
        const auto later_key = [&](const std::string& name) {
            return audience_key(later, *addressee_of(later, tale.account(name)));
        };
        CHECK(later_key("eva") == later_key("eric"));
    }
}
