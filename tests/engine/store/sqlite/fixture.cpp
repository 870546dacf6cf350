#include "tests/engine/store/fixture.hpp"

#include "engine/store/sqlite/sqlite_store.hpp"
#include "tests/support/ok.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::test {

OpenStore fresh_store() {
    const auto folder = std::make_shared<TemporaryFolder>();
    const SqliteOptions options{.folder = folder->path()};
    return OpenStore{.store = ok(SqliteStore::open(options)),
                     .restart =
                         [=](OpenStore& open) {
                             open.store.reset();
                             open.store = ok(SqliteStore::open({.folder = folder->path()}));
                         },
                     .is_slow = true};
}

}  // namespace sillage::test
