#include "server/stream/telling.hpp"

#include "engine/base/json.hpp"
#include "server/auth/permission.hpp"
#include "tests/server/catalogue/tale.hpp"

using namespace sillage;
using namespace sillage::server;
using test::Tale;

namespace {

StreamRequest asked_by(Tale& tale, const std::string& name, StreamFilter filter = {}) {
    return StreamRequest{.filter = std::move(filter),
                         .account = std::make_shared<const Account>(tale.account(name))};
}

}  // namespace

TEST_SUITE("stream/telling") {
    TEST_CASE("a message is an entry with its position, its hash and its events") {
        Tale tale;
        tale.step("ana", "ask");
        const LogPiece piece = tale.pieces().back();
        Telling telling(piece, "https://here.example");
        const auto text = telling.text_for(asked_by(tale, "mia"));

        REQUIRE(text != nullptr);
        CHECK(text->starts_with("id: 2\ndata: {\"position\":2,"));
        CHECK(text->ends_with("}\n\n"));
        const auto data = test::ok(parse_json(text->substr(12, text->size() - 14))).as_object();
        CHECK(data.at("type") == "sillage.instance.transition");
        CHECK(data.at("instance") == boost::json::value(tale.instance));
        CHECK(data.at("sequence") == 2);
        CHECK(data.at("event") == "ask");
        CHECK(data.at("hash") == boost::json::value(piece.entry.hash));
        CHECK(data.at("events").at(0).at("id").as_string().starts_with("evt_2_1_"));
    }

    TEST_CASE("a text is made once for all who are told the same") {
        Tale tale;
        tale.step("eva", "sign", R"({"points":71})");
        const LogPiece piece = tale.pieces().back();
        Telling telling(piece, "https://here.example");
        const auto mia = asked_by(tale, "mia");

        CHECK(telling.text_for(mia) == telling.text_for(mia));
        CHECK(telling.text_for(mia) == telling.text_for(asked_by(tale, "mia")));
        CHECK(telling.text_for(mia) != telling.text_for(asked_by(tale, "ana")));
    }

    TEST_CASE("TM37: a company's message knows nobody of the jury") {
        Tale tale;
        tale.step("eva", "sign", R"({"points":71})");
        tale.step("mia", "agree");
        const auto pieces = tale.pieces();
        Telling signing(pieces[1], "https://here.example");
        Telling agreeing(pieces[2], "https://here.example");
        const auto ana = asked_by(tale, "ana");

        CHECK(signing.text_for(ana)->find(tale.ids["eva"]) == std::string::npos);
        CHECK(signing.text_for(ana)->find("71") == std::string::npos);
        CHECK(agreeing.text_for(ana)->find("\"event\":\"$internal\"") != std::string::npos);
        CHECK(agreeing.text_for(ana)->find("consensus") == std::string::npos);
    }

    TEST_CASE("a filter of types leaves other entries, and other events, out") {
        Tale tale;
        tale.step("ana", "ask");
        const auto pieces = tale.pieces();
        Telling start(pieces[0], "https://here.example");
        Telling ask(pieces[1], "https://here.example");
        const auto mia = asked_by(tale, "mia", {.type = "example.asked"});

        CHECK(start.text_for(mia) == nullptr);
        REQUIRE(ask.text_for(mia) != nullptr);
        CHECK(ask.text_for(mia)->find("sillage.instance.transition") == std::string::npos);
    }

    TEST_CASE("whom it is not for gets no text") {
        Tale tale;
        const LogPiece piece = tale.pieces().back();
        Telling telling(piece, "https://here.example");

        CHECK(telling.text_for(asked_by(tale, "olga")) == nullptr);
        CHECK(telling.text_for(asked_by(tale, "mia", {.cohort = "coh_other"})) == nullptr);
        CHECK(telling.text_for(asked_by(tale, "mia", {.cohort = tale.cohort})) != nullptr);
    }
}
