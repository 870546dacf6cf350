#pragma once

#include <string>

namespace sillage {

/// The SQLite that this program runs with. Ex. `3.40.1`.
[[nodiscard]] std::string sqlite_version();

/// Whether that version has the bug by which two connections that write or checkpoint at once may
/// corrupt a database in WAL mode: 3.7.0 to 3.51.2, but for the mended 3.44.6 and 3.50.7 and what
/// followed them in their series. We keep to one such connection, whatever the version.
/// `number` is as sqlite3_libversion_number gives it. Ex. 3040001.
[[nodiscard]] bool has_wal_reset_bug(int number);
/// The same of the version at hand.
[[nodiscard]] bool has_wal_reset_bug();

}  // namespace sillage
