#include "engine/yaml/source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/yaml/read.hpp"

namespace sillage {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Bytes a column is counted over at most; chosen: small beside a line, large beside an index.
constexpr std::size_t block_bytes = 128;

/// Findings that one file may have; chosen: more than anyone reads, less than a page of memory
/// for each byte of a file made to be wrong.
constexpr std::size_t findings_max = 1'000;

bool begins_code_point(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;  ///< 0: not UTF-8
};

/// Source: RFC 3629, section 4.
CodePoint code_point_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned lead = byte(at);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length <= 1) {
        return {static_cast<char32_t>(lead), length};
    }
    char32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) {
            return {};
        }
        value = (value << 6U) | (byte(at + i) & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return overlong || surrogate || value > 0x10FFFF ? CodePoint{} : CodePoint{value, length};
}

/// Source: YAML 1.2, c-printable.
bool is_printable(char32_t c) {
    return c == 0x09 || c == 0x0A || c == 0x0D || c == 0x85 || (c >= 0x20 && c <= 0x7E) ||
           (c >= 0xA0 && c != 0xFFFE && c != 0xFFFF && c != 0xFEFF);
}

/// Other rooms write whole sentences; a finding's message stands in the middle of a line. A name
/// that begins one keeps its case: `In() does not take (int)`.
void as_rest_of_line(std::string& message) {
    const std::size_t end = message.find_first_not_of("abcdefghijklmnopqrstuvwxyz", 1);
    const bool begins_with_word =
        message.size() > 1 && message[0] >= 'A' && message[0] <= 'Z' &&
        (end == std::string::npos ||
         std::string_view(" ,.").find(message[end]) != std::string_view::npos);
    if (begins_with_word) {
        message[0] = static_cast<char>(message[0] - 'A' + 'a');
    }
    if (message.ends_with('.')) {
        message.pop_back();
    }
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text), line_starts_{0} {
    if (text_.starts_with(byte_order_mark)) {
        text_.remove_prefix(byte_order_mark.size());
    }
    std::size_t code_points = 0;
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (i % block_bytes == 0) {
            block_code_points_.push_back(code_points);
        }
        code_points += begins_code_point(text_[i]) ? 1U : 0U;
        if (text_[i] == '\n') {
            line_starts_.push_back(i + 1);
        }
    }
    block_code_points_.push_back(code_points);
}

std::size_t SourceText::code_points_before(std::size_t offset) const {
    const std::size_t block = offset / block_bytes;
    const auto part = text_.substr(block * block_bytes, offset % block_bytes);
    return block_code_points_[block] +
           static_cast<std::size_t>(std::ranges::count_if(part, begins_code_point));
}

std::size_t SourceText::line_start_of(std::size_t offset) const {
    return *std::prev(std::ranges::upper_bound(line_starts_, offset));
}

Place SourceText::place_of(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const auto next_line = std::ranges::upper_bound(line_starts_, offset);
    const std::size_t column = code_points_before(offset) - code_points_before(*(next_line - 1));
    return {.line = static_cast<std::uint32_t>(next_line - line_starts_.begin()),
            .column = static_cast<std::uint32_t>(column + 1)};
}

std::string_view SourceText::line_of(std::size_t offset) const {
    const auto rest = text_.substr(line_start_of(std::min(offset, text_.size())));
    const auto line = rest.substr(0, rest.find('\n'));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

bool Findings::is_full() const { return findings_.size() >= findings_max; }

void Findings::add(Finding finding) {
    as_rest_of_line(finding.message);
    if (is_full()) {
        error_count_ += finding.severity == Severity::error ? 1U : 0U;
        return;
    }
    if (!seen_.emplace(finding.place, finding.code, finding.message).second) {
        return;
    }
    error_count_ += finding.severity == Severity::error ? 1U : 0U;
    finding.file = file_;
    findings_.push_back(std::move(finding));
}

void Findings::error(Place place, std::string code, std::string message) {
    add({.place = place,
         .severity = Severity::error,
         .code = std::move(code),
         .message = std::move(message)});
}

void Findings::warning(Place place, std::string code, std::string message) {
    add({.place = place,
         .severity = Severity::warning,
         .code = std::move(code),
         .message = std::move(message)});
}

std::vector<Finding> Findings::take() {
    std::ranges::stable_sort(findings_, {}, &Finding::place);
    return std::move(findings_);
}

std::size_t offset_in_xml(std::string_view raw, std::size_t start, std::string_view cooked,
                          std::size_t index) {
    std::size_t at = start;
    for (std::size_t i = 0; i < std::min(index, cooked.size()) && at < raw.size();) {
        const std::size_t end = raw[at] == '&' ? raw.find(';', at) : std::string_view::npos;
        const bool is_entity = end != std::string_view::npos;
        i += is_entity ? std::max<std::size_t>(code_point_at(cooked, i).bytes, 1) : 1U;
        at = is_entity ? end + 1 : at + 1;
    }
    return std::min(at, raw.size());
}

bool check_text(const SourceText& source, Findings& findings) {
    const std::string_view text = source.text();
    if (text.size() > definition_bytes_max) {
        findings.error({1, 1}, "too-large",
                       fmt::format("a workflow file has at most {} bytes (256 KiB); this one has "
                                   "more",
                                   definition_bytes_max));
        return false;
    }
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint c = code_point_at(text, i);
        if (c.bytes == 0) {
            findings.error(source.place_of(i), "encoding",
                           "this byte is not UTF-8; save the file as UTF-8");
            return false;
        }
        const bool lone_return = c.value == '\r' && text.substr(i + 1, 1) != "\n";
        if (!is_printable(c.value) || lone_return) {
            findings.error(source.place_of(i), "control-character",
                           fmt::format("the character U+{:04X} may not stand in a workflow file; "
                                       "inside double quotes it is written as an escape",
                                       static_cast<std::uint32_t>(c.value)));
            return false;
        }
        i += c.bytes;
    }
    return true;
}

}  // namespace sillage
