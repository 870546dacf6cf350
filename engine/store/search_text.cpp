#include "engine/store/search_text.hpp"

namespace sillage {
namespace {

/// The small letter of a code point of two UTF-8 bytes (U+0080 to U+07FF).
/// Source: Unicode's CaseFolding.txt, status C, for U+00C0 to U+017F.
unsigned int fold(unsigned int point) {
    const bool latin_1 = point >= 0xC0 && point <= 0xDE && point != 0xD7;
    if (latin_1) {
        return point + 0x20;
    }
    const bool even_is_capital =
        (point >= 0x100 && point <= 0x137 && point != 0x130) || (point >= 0x14A && point <= 0x177);
    const bool odd_is_capital =
        (point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17E);
    if ((even_is_capital && point % 2 == 0) || (odd_is_capital && point % 2 == 1)) {
        return point + 1;
    }
    return point == 0x178 ? 0xFF : point;
}

}  // namespace

std::string fold_case(std::string_view text) {
    std::string folded;
    folded.reserve(text.size());
    for (std::size_t index = 0; index < text.size(); ++index) {
        const auto lead = static_cast<unsigned char>(text[index]);
        if (lead >= 'A' && lead <= 'Z') {
            folded += static_cast<char>(lead + ('a' - 'A'));
        } else if (lead >= 0xC3 && lead <= 0xC5 && index + 1 < text.size()) {
            const auto trail = static_cast<unsigned char>(text[++index]);
            const unsigned int point = fold(((lead & 0x1FU) << 6U) | (trail & 0x3FU));
            folded += static_cast<char>(0xC0U | (point >> 6U));
            folded += static_cast<char>(0x80U | (point & 0x3FU));
        } else {
            folded += static_cast<char>(lead);
        }
    }
    return folded;
}

std::string search_text(const Record& record) {
    const boost::json::value* name = record.body.if_contains("name");
    return name != nullptr && name->is_string() ? fold_case(name->get_string()) : std::string();
}

}  // namespace sillage
