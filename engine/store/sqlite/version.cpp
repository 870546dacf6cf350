#include "engine/store/sqlite/version.hpp"

#include <sqlite3.h>

namespace sillage {

std::string sqlite_version() { return sqlite3_libversion(); }

bool has_wal_reset_bug(int number) {
    const bool is_mended_series =
        (number >= 3'044'006 && number < 3'045'000) || (number >= 3'050'007 && number < 3'051'000);
    return number >= 3'007'000 && number < 3'051'003 && !is_mended_series;
}

bool has_wal_reset_bug() { return has_wal_reset_bug(sqlite3_libversion_number()); }

}  // namespace sillage
