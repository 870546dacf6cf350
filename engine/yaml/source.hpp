#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/model/finding.hpp"

namespace sillage {

/// A file's text, and where each of its bytes stands. A byte order mark at its start is dropped.
class SourceText {
  public:
    explicit SourceText(std::string_view text);

    [[nodiscard]] std::string_view text() const { return text_; }
    /// Line and column of a byte; of the end for any offset past it.
    [[nodiscard]] Place place_of(std::size_t offset) const;
    /// The line that holds a byte, without its end, and where it starts.
    [[nodiscard]] std::string_view line_of(std::size_t offset) const;
    [[nodiscard]] std::size_t line_start_of(std::size_t offset) const;

  private:
    [[nodiscard]] std::size_t code_points_before(std::size_t offset) const;

    std::string_view text_;
    std::vector<std::size_t> line_starts_;
    /// Code points before each block of bytes: columns of one long line stay cheap.
    std::vector<std::size_t> block_code_points_;
};

/// Collects what is wrong with one file; what is said twice of one place is kept once, as an
/// aliased mapping is read once for each alias.
class Findings {
  public:
    explicit Findings(std::string_view file) : file_(file) {}

    void error(Place place, std::string code, std::string message);
    void warning(Place place, std::string code, std::string message);
    [[nodiscard]] bool has_errors() const { return error_count_ > 0; }
    [[nodiscard]] std::size_t error_count() const { return error_count_; }
    /// No more are kept: what costs time to say need not be said.
    [[nodiscard]] bool is_full() const;
    /// All, in order of place, in order of discovery within one.
    [[nodiscard]] std::vector<Finding> take();

  private:
    void add(Finding finding);

    std::string file_;
    std::vector<Finding> findings_;
    std::set<std::tuple<Place, std::string, std::string>> seen_;
    std::size_t error_count_ = 0;
};

/// Where byte `index` of `cooked` stands in XML: `cooked` is what the characters from `start` on
/// mean, an entity, `&lt;`, one of them.
[[nodiscard]] std::size_t offset_in_xml(std::string_view raw, std::size_t start,
                                        std::string_view cooked, std::size_t index);

/// What no reader may see: too large, not UTF-8, control characters. True when the text may
/// be parsed.
[[nodiscard]] bool check_text(const SourceText& source, Findings& findings);

}  // namespace sillage
