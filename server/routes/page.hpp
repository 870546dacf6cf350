#pragma once

#include <algorithm>
#include <boost/json/array.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.hpp"

namespace sillage::server {

/// api.md, section 4.
inline constexpr std::size_t page_items_max = 200;
inline constexpr std::size_t page_items_default = 50;

/// Rows that one page may look at while most of them are hidden from the caller: a page may come
/// short, or empty, with a cursor to go on from, rather than read a whole table.
inline constexpr std::size_t page_rows_max = 2'000;

/// Which part of a list is asked for.
struct Page {
    std::size_t limit = page_items_default;
    /// The last id (or sequence) of the page before; empty for the first page.
    std::string after = {};
};

/// Reads `limit` and `cursor`. Errors: invalid_argument.
[[nodiscard]] Result<Page> page_of(const Request& request);

/// The cursor that goes on after that id: opaque to clients.
[[nodiscard]] std::string cursor_after(std::string_view id);

/// `{"items": […], "next_cursor": … or null}`; `last` is the id to go on after, empty at the end.
[[nodiscard]] Response page_response(boost::json::array items, std::string_view last);

/// What a cursor tells of a row that stays hidden: about where it lies, but not which it is.
[[nodiscard]] std::string place_of(std::string_view id);

/// Collects a page of what `show` lets through. `fetch(after, limit)` gives rows in order of id,
/// `id_of(row)` their ids, `show(row)` a JSON value or nothing for a row that stays hidden.
template <class Fetch, class IdOf, class Show>
Result<Response> collect_page(const Page& page, const Fetch& fetch, const IdOf& id_of,
                              const Show& show) {
    boost::json::array items;
    std::string after = page.after;
    std::string told = page.after;
    for (std::size_t seen = 0; seen < page_rows_max;) {
        SILLAGE_TRY(const auto rows, fetch(after, page.limit + 1));
        for (const auto& row : rows) {
            if (items.size() == page.limit) {
                return page_response(std::move(items), told);
            }
            SILLAGE_TRY(auto shown, show(row));
            after = id_of(row);
            told = shown ? after : std::max(told, place_of(after));
            if (shown) {
                items.push_back(std::move(*shown));
            }
        }
        if (rows.size() <= page.limit) {
            return page_response(std::move(items), "");
        }
        seen += rows.size();
    }
    return page_response(std::move(items), told);
}

}  // namespace sillage::server
