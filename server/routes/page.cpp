#include "server/routes/page.hpp"

#include <charconv>
#include <optional>

namespace sillage::server {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

/// Of an id in a cursor of a row that is hidden: its prefix, its time and 20 of its 80 random bits.
/// The other 60 cannot be guessed, and hardly two rows have these in common.
constexpr std::size_t id_place_characters = 18;

std::optional<std::string> id_in(std::string_view cursor) {
    std::string id;
    for (std::size_t index = 0; index + 1 < cursor.size(); index += 2) {
        const std::size_t high = digits.find(cursor[index]);
        const std::size_t low = digits.find(cursor[index + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        id += static_cast<char>(high * 16 + low);
    }
    return cursor.size() % 2 == 0 && !id.empty() ? std::optional(id) : std::nullopt;
}

}  // namespace

Result<Page> page_of(const Request& request) {
    Page page;
    if (const auto limit = request.query_parameter("limit")) {
        const auto [end, error] =
            std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
        if (error != std::errc{} || end != limit->data() + limit->size() || page.limit < 1 ||
            page.limit > page_items_max) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "limit must be a number from 1 to 200."};
        }
    }
    if (const auto cursor = request.query_parameter("cursor")) {
        const auto id = id_in(*cursor);
        if (!id) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "cursor must be a next_cursor of the page before."};
        }
        page.after = *id;
    }
    return page;
}

std::string place_of(std::string_view id) { return std::string(id.substr(0, id_place_characters)); }

std::string cursor_after(std::string_view id) {
    std::string cursor;
    for (const char c : id) {
        const auto byte = static_cast<unsigned char>(c);
        cursor += digits[byte >> 4U];
        cursor += digits[byte & 15U];
    }
    return cursor;
}

Response page_response(boost::json::array items, std::string_view last) {
    boost::json::object body;
    body.emplace("items", std::move(items));
    if (last.empty()) {
        body.emplace("next_cursor", nullptr);
    } else {
        body.emplace("next_cursor", cursor_after(last));
    }
    return json_response(Status::ok, body);
}

}  // namespace sillage::server
