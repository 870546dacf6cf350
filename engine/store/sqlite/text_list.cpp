#include "engine/store/sqlite/text_list.hpp"

#include <boost/json/array.hpp>

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

}  // namespace sillage
