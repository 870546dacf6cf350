#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

namespace sillage::server {

/// Columns of one table, against a body of commas. Chosen: several times what any table here has.
inline constexpr std::size_t csv_columns_max = 100;

struct CsvRow {
    /// As a spreadsheet counts: the header is row 1.
    std::size_t number = 0;
    std::vector<std::string> cells = {};

    bool operator==(const CsvRow&) const = default;
};

struct CsvTable {
    /// Names of the columns.
    std::vector<std::string> header = {};
    /// Without those whose cells are all empty. A row may have more or fewer cells than the header.
    std::vector<CsvRow> rows = {};
};

/// Reads a table: RFC 4180, with or without a byte order mark, lines ended by LF, CR or both, cells
/// separated by whichever of `,` and `;` the header has more of. Blanks around a cell without
/// quotes are dropped, and the apostrophe that `csv_line` puts before what could be a formula.
/// Errors: malformed: a quote that cannot be read, naming its row, no header, or too many columns;
/// too_large: more than `rows_max` rows.
[[nodiscard]] Result<CsvTable> read_csv(std::string_view text, std::size_t rows_max);

/// One line, ended by CRLF. A cell that a spreadsheet would take for a formula, since it begins
/// with `=`, `+`, `-`, `@`, a tab or a line's end, gets an apostrophe before it (threat TM32); so
/// does one that has the apostrophe already, so that every text reads back as it was.
[[nodiscard]] std::string csv_line(std::span<const std::string> cells);

}  // namespace sillage::server
