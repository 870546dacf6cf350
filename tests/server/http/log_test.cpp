#include "server/http/log.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "engine/base/instant.hpp"
#include "engine/base/json.hpp"
#include "tests/support/ok.hpp"

namespace sillage::server {

namespace {

/// What is written to standard error while `work` runs; less than a pipe holds.
template <class Work>
std::string standard_error_of(Work work) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const int saved = ::dup(STDERR_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    work();
    ::dup2(saved, STDERR_FILENO);
    ::close(saved);
    ::close(ends[1]);
    std::array<char, 4096> space{};
    const auto count = ::read(ends[0], space.data(), space.size());
    ::close(ends[0]);
    return {space.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

}  // namespace

TEST_SUITE("http/log") {
    TEST_CASE("an event is one JSON line with its time, its name and what is said about it") {
        const std::string text = standard_error_of([] {
            log_to_standard_error("listening", {{"address", "127.0.0.1:1"}, {"what", "a\nb"}});
        });

        REQUIRE(text.ends_with("\n"));
        CHECK(text.find('\n') == text.size() - 1);
        const auto line = test::ok(parse_json(std::string_view(text).substr(0, text.size() - 1)));
        CHECK(line.at("event") == "listening");
        CHECK(line.at("address") == "127.0.0.1:1");
        CHECK(line.at("what") == "a\nb");
        test::ok(parse_instant(line.at("at").as_string()));
    }
}

}  // namespace sillage::server
