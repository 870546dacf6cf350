#include "engine/formats/detail/scxml_reading.hpp"

#include <algorithm>
#include <array>

namespace sillage {
namespace {

constexpr std::string_view blank = " \t\r\n";

/// Bytes of a text that a message repeats; chosen as for YAML: a message stays one readable line.
constexpr std::size_t message_bytes_max = 60;

bool is_one_of(std::string_view text, const auto& names) {
    return std::ranges::find(names, text) != names.end();
}

}  // namespace

void ScxmlReading::error(std::size_t offset, std::string code, std::string message) {
    findings.error(source.place_of(offset), std::move(code), std::move(message));
}

void ScxmlReading::warning(std::size_t offset, std::string code, std::string message) {
    findings.warning(source.place_of(offset), std::move(code), std::move(message));
}

std::string in_message(std::string_view text) {
    std::string shown(text);
    std::ranges::replace(shown, '\n', ' ');
    if (shown.size() > message_bytes_max) {
        std::size_t end = message_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        shown = shown.substr(0, end) + "…";
    }
    return "\"" + shown + "\"";
}

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    for (std::size_t at = text.find_first_not_of(blank); at != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(blank, at), text.size());
        words.push_back({.text = text.substr(at, end - at), .offset = at});
        at = text.find_first_not_of(blank, end);
    }
    return words;
}

std::size_t offset_in(const ScxmlReading& reading, const XmlAttribute& attribute,
                      std::size_t index) {
    return offset_in_xml(reading.source.text(), attribute.value_offset, attribute.value, index);
}

bool is_scxml_processor(std::string_view type) {
    constexpr std::array<std::string_view, 3> names = {
        "scxml", "http://www.w3.org/TR/scxml/#SCXMLEventProcessor", "http://www.w3.org/TR/scxml/"};
    return is_one_of(type, names);
}

bool is_scxml_invoker(std::string_view type) {
    constexpr std::array<std::string_view, 3> names = {"scxml", "http://www.w3.org/TR/scxml/",
                                                       "http://www.w3.org/TR/scxml"};
    return is_one_of(type, names);
}

}  // namespace sillage
