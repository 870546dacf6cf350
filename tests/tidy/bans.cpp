#include <algorithm>
#include <array>
#include <string_view>

#include "tests/tidy/floor_plan.hpp"
#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

/// No file under `area` includes what begins with `prefix`, but files under one of the two
/// `except` folders.
struct HeaderBan {
    std::string_view area = {};
    std::string_view prefix = {};
    std::string_view why = {};
    std::string_view except = {};
    std::string_view except_too = {};
    bool backends_may = false;
};

constexpr std::string_view sockets = "sockets live in the server";
constexpr std::string_view threads = "threads live in the server";
constexpr std::string_view disk = "only a backend of the store knows the disk";
constexpr std::string_view tables = "only a backend of the store knows a database";
constexpr std::string_view route = "a route parses, asks the runtime, renders";

constexpr std::array header_bans = {
    HeaderBan{"engine/", "boost/asio", sockets},
    HeaderBan{"engine/", "boost/beast", sockets},
    HeaderBan{"engine/", "openssl/", "the engine hashes in base and nowhere else", "engine/base/"},
    HeaderBan{"engine/", "thread", threads, {}, {}, true},
    HeaderBan{"engine/", "future", threads, {}, {}, true},
    HeaderBan{"engine/", "iostream", "the engine writes nothing to a terminal"},
    HeaderBan{"engine/", "random", "chance comes in as an argument"},
    HeaderBan{"engine/", "filesystem", disk, {}, {}, true},
    HeaderBan{"engine/", "fstream", disk, {}, {}, true},
    HeaderBan{"engine/", "fcntl.h", disk, {}, {}, true},
    HeaderBan{"engine/", "unistd.h", disk, {}, {}, true},
    HeaderBan{"engine/", "sys/", disk, "engine/base/", {}, true},
    HeaderBan{"engine/", "SQLiteCpp", tables, "engine/store/sqlite/"},
    HeaderBan{"engine/", "sqlite3", tables, "engine/store/sqlite/"},
    HeaderBan{"server/", "SQLiteCpp", tables},
    HeaderBan{"server/", "sqlite3", tables},
    HeaderBan{"engine/", "yaml-cpp", "only engine/yaml sees yaml-cpp", "engine/yaml/"},
    HeaderBan{"server/", "yaml-cpp", "only engine/yaml sees yaml-cpp"},
    HeaderBan{"engine/", "pugixml", "only engine/formats sees pugixml", "engine/formats/"},
    HeaderBan{"server/", "pugixml", "only engine/formats sees pugixml"},
    HeaderBan{"engine/", "unicode/", "ICU lives in engine/calendar", "engine/calendar/"},
    HeaderBan{"server/", "boost/beast", "Beast ends in http", "server/http/", "server/webhooks/"},
    HeaderBan{"server/routes/", "boost/asio", route, {}, {}},
};

constexpr std::string_view header_for_routes = "boost/asio/awaitable.hpp";

bool forbids(const HeaderBan& ban, const SourceFile& file, std::string_view header) {
    const auto excused = [&](std::string_view folder) {
        return !folder.empty() && file.is_under(folder);
    };
    return file.is_under(ban.area) && header.starts_with(ban.prefix) && !excused(ban.except) &&
           !excused(ban.except_too) && !(ban.backends_may && is_backend(file.path));
}

void check_headers(const SourceFile& file, Findings& findings) {
    for (const Include& include : file.scan.includes) {
        const auto ban = std::find_if(header_bans.begin(), header_bans.end(), [&](const auto& one) {
            return forbids(one, file, include.path);
        });
        const bool awaitable = file.is_under("server/routes/") && include.path == header_for_routes;
        if (ban != header_bans.end() && !include.quoted && !awaitable) {
            findings.push_back({"ban", file.path, include.line,
                                "<" + include.path + ">: " + std::string(ban->why)});
        }
    }
}

/// How a forbidden word must stand to be what is meant.
enum class Stand { anywhere, qualified_call, member_call };

struct WordBan {
    std::string_view area = {};
    std::string_view word = {};
    std::string_view why = {};
    Stand stand = Stand::anywhere;
};

constexpr std::string_view environment = "no environment below the server";
constexpr std::string_view terminal = "nothing below the server prints";
constexpr std::string_view clock_words = "time comes in as an argument";
constexpr std::string_view sleeping = "nothing sleeps; wait for what is waited for";

constexpr std::array word_bans = {
    WordBan{"engine/", "getenv", environment},
    WordBan{"engine/", "secure_getenv", environment},
    WordBan{"engine/", "printf", terminal},
    WordBan{"engine/", "fprintf", terminal},
    WordBan{"engine/", "puts", terminal},
    WordBan{"engine/", "cout", terminal},
    WordBan{"engine/", "cerr", terminal},
    WordBan{"engine/", "random_device", "chance comes in as an argument"},
    WordBan{"engine/", "now", clock_words, Stand::qualified_call},
    WordBan{"engine/", "time", clock_words, Stand::qualified_call},
    WordBan{"engine/", "gettimeofday", clock_words},
    WordBan{"engine/", "clock_gettime", clock_words},
    WordBan{"", "sleep_for", sleeping},
    WordBan{"", "sleep_until", sleeping},
    WordBan{"", "usleep", sleeping},
    WordBan{"", "nanosleep", sleeping},
    WordBan{"", "detach", "no thread outlives its owner", Stand::member_call},
};

bool stands(const std::vector<Token>& tokens, std::size_t index, Stand stand) {
    if (stand == Stand::anywhere) {
        return true;
    }
    if (index == 0 || index + 1 >= tokens.size() || !tokens[index + 1].is("(")) {
        return false;
    }
    const Token& before = tokens[index - 1];
    return stand == Stand::qualified_call ? before.is("::") : before.is(".") || before.is("->");
}

/// How long what is on the disk may lag behind is a matter of the disk; what time it is, is not.
bool is_pace_of_backend(const SourceFile& file, std::size_t index) {
    const std::vector<Token>& tokens = file.scan.tokens;
    return is_backend(file.path) && index >= 2 && tokens[index].text == "now" &&
           tokens[index - 2].text == "steady_clock";
}

void check_calls(const SourceFile& file, Findings& findings) {
    const std::vector<Token>& tokens = file.scan.tokens;
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        const Token& token = tokens[index];
        const auto ban = std::find_if(word_bans.begin(), word_bans.end(), [&](const auto& one) {
            return token.kind == TokenKind::word && token.text == one.word &&
                   file.is_under(one.area) && stands(tokens, index, one.stand) &&
                   !is_pace_of_backend(file, index);
        });
        if (ban != word_bans.end()) {
            findings.push_back(
                {"ban", file.path, token.line, token.text + ": " + std::string(ban->why)});
        }
    }
}

}  // namespace

Findings check_bans(const Tree& tree) {
    Findings findings;
    for (const SourceFile& file : tree.files) {
        check_headers(file, findings);
        check_calls(file, findings);
    }
    return findings;
}

}  // namespace sillage::test
