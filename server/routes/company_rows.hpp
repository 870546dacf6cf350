#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/schema.hpp"
#include "server/http/message.hpp"

// Companies as rows of a table: what an import reads and an export writes.

namespace sillage::server {

/// What is wrong with a cell, or with the row as a whole when `column` is empty.
struct CellProblem {
    std::string column = {};
    /// One sentence that names what would be accepted.
    std::string message = {};

    bool operator==(const CellProblem&) const = default;
};

/// One company of an import, as far as reading it went.
struct CompanyRow {
    /// In a CSV file as a spreadsheet counts, the header being row 1; in JSON from 1 on.
    std::size_t number = 0;
    /// The members that are to be set; null: to be cleared. `id` may be among them.
    boost::json::object members = {};
    std::vector<CellProblem> problems = {};
};

/// Rows that one import may have: three times the largest cluster's register.
inline constexpr std::size_t import_rows_max = 10'000;
/// Bytes of an import: with 10,000 rows 1,600 each, several times what a company needs.
inline constexpr std::size_t import_bytes_max = 16UL * 1024UL * 1024UL;

/// What the body of an import has in JSON.
[[nodiscard]] std::vector<sillage::Field> import_members();

/// Reads the body of an import: `text/csv` whose header names members, or `application/json` of
/// the shape `{"items": [{…}, …]}`. Columns that only an answer has (`sme_class`, `revision`,
/// `created_at`, `updated_at`) are passed over, so that an export can be sent back. In a cluster
/// (`cluster` where a row names none) no two rows may have the same key, and none the same id.
/// Errors: unsupported_media_type; malformed: not UTF-8, CSV or JSON; invalid_argument: an unknown
/// column; too_large: too many rows.
[[nodiscard]] Result<std::vector<CompanyRow>> read_company_rows(const Request& request,
                                                                std::string_view cluster);

/// The columns of an export: `id`, what a client may write, then what it may not.
[[nodiscard]] const std::vector<std::string>& company_columns();

/// A company in the API's shape as a line of CSV, in these columns. Lists and objects are JSON.
[[nodiscard]] std::string company_line(const boost::json::object& company);

}  // namespace sillage::server
