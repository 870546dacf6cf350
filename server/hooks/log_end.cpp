#include "server/hooks/log_end.hpp"

namespace sillage::server {
namespace {

Result<bool> has_entry_after(ReadView& view, std::uint64_t position) {
    SILLAGE_TRY(const auto entries, view.log(position, 1));
    return !entries.empty();
}

}  // namespace

Result<std::uint64_t> log_end(ReadView& view) {
    std::uint64_t beyond = 1;  // at or behind the end, once the first loop is over
    for (;; beyond *= 2) {
        SILLAGE_TRY(const bool has_more, has_entry_after(view, beyond));
        if (!has_more) {
            break;
        }
    }
    std::uint64_t first = 0;  // the end lies between the two
    while (first < beyond) {
        const std::uint64_t middle = first + (beyond - first) / 2;
        SILLAGE_TRY(const bool has_more, has_entry_after(view, middle));
        if (has_more) {
            first = middle + 1;
        } else {
            beyond = middle;
        }
    }
    return first;
}

}  // namespace sillage::server
