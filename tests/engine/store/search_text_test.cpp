#include "engine/store/search_text.hpp"

#include "tests/support/ok.hpp"

using namespace sillage;

TEST_SUITE("store/search_text") {
    TEST_CASE("capitals become small, everything else stays") {
        CHECK(fold_case("ABC xyz 09 [`{") == "abc xyz 09 [`{");
        CHECK(fold_case("ÀÉÖØÞ × ß") == "àéöøþ × ß");
        CHECK(fold_case("ĄĹŃŒŠŽŸ ĸŉ") == "ąĺńœšžÿ ĸŉ");
        CHECK(fold_case("İ ı") == "İ ı");
        CHECK(fold_case("Δ 日本 😀") == "Δ 日本 😀");
        CHECK(fold_case("\xC3") == "\xC3");
    }

    TEST_CASE("a record is found by its name alone") {
        Record record;
        CHECK(search_text(record).empty());
        record.body["name"] = 5;
        CHECK(search_text(record).empty());
        record.body["name"] = "Maison";
        CHECK(search_text(record) == "maison");
    }
}
