// The plan of section 2 of the house style, as data.
#include "tests/tidy/floor_plan.hpp"

#include <array>

namespace sillage::test {
namespace {

constexpr std::array rooms = {
    Room{"engine/base", 0}, Room{"engine/model", 1}, Room{"engine/cel", 2},
    Room{"engine/calendar", 2}, Room{"engine/schema", 2},  // whether a JSON value satisfies the
                                                           // words of a field
    Room{"engine/company", 2},  // what figures and trade say of a company
    Room{"engine/yaml", 3}, Room{"engine/analysis", 3}, Room{"engine/interpreter", 3},
    Room{"engine/timers", 3}, Room{"engine/store", 3},
    Room{"engine/outbox", 4},   // stands on store: messages follow from the entries of the log
    Room{"engine/formats", 4},  // stands on yaml: only there is YAML text read and written
    Room{"engine/store/memory", 5}, Room{"engine/store/sqlite", 5}, Room{"engine/runtime", 5},
    Room{"server/http", 6}, Room{"server/auth", 6}, Room{"server/gate", 6},
    Room{"server/csv", 6},        // CSV text to rows and back: only there is libcsv seen
    Room{"server/html", 6},       // text to HTML: only there is it escaped
    Room{"server/drawing", 6},    // pictures of graphs: only there is another program run
    Room{"server/outward", 6},    // mail and other machines, by libcurl
    Room{"server/metrics", 6},    // what the server counts of itself
    Room{"server/hooks", 6},      // webhooks as values: signatures, and what their records hold
    Room{"server/catalogue", 7},  // stands on auth: what the log tells each account
    Room{"server/stream", 8},     // stands on catalogue: the log as it grows, to many readers
    Room{"server/routes", 9}, Room{"server/schedule", 9}, Room{"server/webhooks", 9},
    Room{"server/web", 9}, Room{"server/app", 10}, Room{"server/cli", 11},
    Room{"server/main.cpp", 12},  // stands above cli, which it calls
};

constexpr std::string_view store = "engine/store";
constexpr int store_floor = 3;

bool lies_in(std::string_view path, std::string_view folder) {
    return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

}  // namespace

std::optional<Room> room_of(std::string_view path) {
    std::optional<Room> innermost;
    for (const Room& room : rooms) {
        const bool deeper = !innermost || room.folder.size() > innermost->folder.size();
        if (lies_in(path, room.folder) && deeper) {
            innermost = room;
        }
    }
    return innermost;
}

bool may_include(const Room& from, const Room& to) {
    if (from == to) {
        return true;
    }
    if (is_backend(from.folder)) {
        return to.folder == store || to.floor < store_floor;
    }
    return to.floor < from.floor;
}

bool is_backend(std::string_view path) {
    return lies_in(path, "engine/store/memory") || lies_in(path, "engine/store/sqlite");
}

}  // namespace sillage::test
