#include "engine/store/sqlite/text_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <iterator>

#include "engine/base/json.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

Error no_list() {
    return Error{.code = ErrorCode::corrupt,
                 .message = "A column does not hold the list it should."};
}

Result<json::array> array_of(std::string_view column) {
    Result<json::value> value = parse_json(column);
    if (!value || !value.value().is_array()) {
        return no_list();
    }
    return std::move(value.value().get_array());
}

Result<std::vector<std::string>> texts_in(const json::array& array) {
    std::vector<std::string> texts;
    for (const json::value& item : array) {
        if (!item.is_string()) {
            return no_list();
        }
        texts.emplace_back(item.get_string());
    }
    return texts;
}

}  // namespace

std::string text_list(const std::vector<std::string>& texts) {
    return to_json_text(json::array(texts.begin(), texts.end()));
}

Result<std::vector<std::string>> texts_of(std::string_view column) {
    SILLAGE_TRY(const json::array array, array_of(column));
    return texts_in(array);
}

std::string pair_list(const TextPairs& pairs) {
    json::array array;
    for (const auto& [name, value] : pairs) {
        array.push_back(json::array{name, value});
    }
    return to_json_text(array);
}

Result<TextPairs> pairs_of(std::string_view column) {
    SILLAGE_TRY(const json::array array, array_of(column));
    TextPairs pairs;
    for (const json::value& item : array) {
        if (!item.is_array()) {
            return no_list();
        }
        SILLAGE_TRY(auto texts, texts_in(item.get_array()));
        if (texts.size() != 2) {
            return no_list();
        }
        pairs.emplace_back(std::move(texts[0]), std::move(texts[1]));
    }
    return pairs;
}

std::string timer_list(const std::vector<StoredTimer>& timers) {
    std::string text = "[";
    for (const StoredTimer& timer : timers) {
        fmt::format_to(std::back_inserter(text), "{}[{},{},{},{}]", text.size() > 1 ? "," : "",
                       timer.id, timer.due.milliseconds, timer.started.milliseconds, timer.state);
    }
    return text += "]";
}

Result<std::vector<StoredTimer>> timers_of(std::string_view column) {
    SILLAGE_TRY(const json::array array, array_of(column));
    std::vector<StoredTimer> timers;
    for (const json::value& item : array) {
        const json::array* const members = item.if_array();
        const auto is_number = [](const json::value& member) { return member.is_int64(); };
        if (members == nullptr || members->size() != 4 ||
            !std::ranges::all_of(*members, is_number)) {
            return no_list();
        }
        const json::array& numbers = *members;
        timers.push_back({.id = static_cast<std::uint64_t>(numbers[0].get_int64()),
                          .due = Instant{numbers[1].get_int64()},
                          .started = Instant{numbers[2].get_int64()},
                          .state = static_cast<std::uint32_t>(numbers[3].get_int64())});
    }
    return timers;
}

}  // namespace sillage
