#include "server/routes/company_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "engine/base/json.hpp"
#include "engine/base/nearest.hpp"
#include "server/csv/csv.hpp"
#include "server/http/text.hpp"
#include "server/routes/company_record.hpp"
#include "server/routes/members.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// What the server gives and nobody sets.
constexpr std::array<std::string_view, 4> given_columns{"sme_class", "revision", "created_at",
                                                        "updated_at"};

bool is_given(std::string_view column) {
    return std::ranges::find(given_columns, column) != given_columns.end();
}

/// What is said of a cell that does not hold what its column asks for.
std::string_view wish_of(SchemaType type) {
    switch (type) {
        case SchemaType::integer:
            return "A whole number such as 18 is asked for.";
        case SchemaType::number:
            return "A number such as 2400000 or 2400000.50 is asked for, without blanks or other "
                   "signs.";
        case SchemaType::array:
            return "A list in JSON is asked for.";
        case SchemaType::object:
            return "An object in JSON is asked for.";
        case SchemaType::any:
        case SchemaType::string:
        case SchemaType::boolean:
            break;
    }
    return "Another value is asked for.";
}

/// An empty cell is null.
Result<json::value> value_of(const std::string& cell, SchemaType type) {
    if (cell.empty()) {
        return json::value(nullptr);
    }
    if (type == SchemaType::string) {
        return json::value(cell);
    }
    auto value = parse_json(cell);
    const bool is_number = type == SchemaType::integer || type == SchemaType::number;
    if (!value || (is_number ? !value.value().is_number()
                             : !value.value().is_array() && !value.value().is_object())) {
        return Error{.code = ErrorCode::invalid_argument, .message = std::string(wish_of(type))};
    }
    return std::move(value).value();
}

Error bad_columns(std::string message) {
    return Error{.code = ErrorCode::invalid_argument, .message = std::move(message)};
}

/// Every name is known, and there once. All that is wrong is told together.
Result<void> check_header(const std::vector<std::string>& header) {
    std::string message;
    for (auto name = header.begin(); name != header.end(); ++name) {
        const auto& known = company_columns();
        if (std::ranges::find(known, *name) == known.end()) {
            const std::string near = nearest(*name, std::span<const std::string>(known));
            message += fmt::format("There is no column \"{}\"{} ", name->substr(0, short_text_max),
                                   near.empty() ? "." : did_you_mean(near));
        } else if (std::find(header.begin(), name, *name) != name) {
            message += fmt::format("The column \"{}\" is there twice. ", *name);
        }
    }
    return message.empty() ? success() : Result<void>(bad_columns(std::string(trim(message))));
}

CompanyRow company_in(const CsvRow& row, const std::vector<std::string>& header) {
    CompanyRow company{.number = row.number};
    if (row.cells.size() != header.size()) {
        company.problems.push_back({.message = fmt::format("The row has {} cells, the header {}.",
                                                           row.cells.size(), header.size())});
        return company;
    }
    for (std::size_t index = 0; index < header.size(); ++index) {
        const std::string& column = header[index];
        if (is_given(column)) {
            continue;
        }
        const sillage::Field* member = find_field(company_members(), column);
        auto value = value_of(row.cells[index],
                              member == nullptr ? SchemaType::string : member->schema.type);
        if (value) {
            company.members.emplace(column, std::move(value).value());
        } else {
            company.problems.push_back({.column = column, .message = value.error().message});
        }
    }
    return company;
}

Result<std::vector<CompanyRow>> rows_in_csv(const Request& request) {
    if (!is_utf8(request.body)) {
        return Error{.code = ErrorCode::malformed,
                     .message = "The file must be UTF-8: save it as \"CSV UTF-8\"."};
    }
    SILLAGE_TRY(const auto table, read_csv(request.body, import_rows_max));
    SILLAGE_TRY(check_header(table.header));
    std::vector<CompanyRow> rows;
    for (const CsvRow& row : table.rows) {
        rows.push_back(company_in(row, table.header));
    }
    return rows;
}

CompanyRow company_in(json::value& item, std::size_t number) {
    CompanyRow company{.number = number};
    if (!item.is_object()) {
        company.problems.push_back({.message = "A company is an object."});
        return company;
    }
    for (json::key_value_pair& member : item.get_object()) {
        if (!is_given(member.key())) {
            company.members.emplace(member.key(), std::move(member.value()));
        }
    }
    return company;
}

Result<std::vector<CompanyRow>> rows_in_json(const Request& request) {
    SILLAGE_TRY(auto body, read_object(request));
    const auto problems = check_fields(body, import_members());
    if (!problems.empty()) {
        return error_of_first(problems);
    }
    json::array& items = body["items"].as_array();
    if (items.size() > import_rows_max) {
        return Error{.code = ErrorCode::too_large,
                     .message = fmt::format("One import may have {} items; send them in parts.",
                                            import_rows_max),
                     .where = "/items"};
    }
    std::vector<CompanyRow> rows;
    for (json::value& item : items) {
        rows.push_back(company_in(item, rows.size() + 1));
    }
    return rows;
}

/// A row that means the same company as one before it would undo that one.
void refuse_repeats(std::vector<CompanyRow>& rows, std::string_view cluster) {
    std::map<std::string, std::size_t, std::less<>> ids;
    std::map<std::string, std::size_t, std::less<>> keys;
    const auto note = [](auto& known, const std::string& name, CompanyRow& row,
                         std::string_view column) {
        const auto [first, is_new] = known.emplace(name, row.number);
        if (!name.empty() && !is_new) {
            row.problems.push_back(
                {.column = std::string(column),
                 .message = fmt::format("Row {} has the same {} already.", first->second, column)});
        }
    };
    for (CompanyRow& row : rows) {
        const std::string own = text_of(row.members, "cluster");
        note(ids, text_of(row.members, "id"), row, "id");
        note(keys, company_lookup(own.empty() ? cluster : own, text_of(row.members, "key")), row,
             "key");
    }
}

std::string cell_of(const json::value& value) {
    return value.is_null()     ? std::string()
           : value.is_string() ? std::string(value.get_string())
                               : to_json_text(value);
}

}  // namespace

std::vector<sillage::Field> import_members() {
    return {required(list_member("items", SchemaType::any))};
}

Result<std::vector<CompanyRow>> read_company_rows(const Request& request,
                                                  std::string_view cluster) {
    auto read = media_type_of(request) == "text/csv" ? rows_in_csv(request) : rows_in_json(request);
    if (!read && read.error().code == ErrorCode::unsupported_media_type) {
        read.error().message = "Send Content-Type: text/csv or application/json.";
    }
    SILLAGE_TRY(auto rows, std::move(read));
    refuse_repeats(rows, cluster);
    return rows;
}

const std::vector<std::string>& company_columns() {
    static const std::vector<std::string> columns = [] {
        std::vector<std::string> names{"id"};
        for (const sillage::Field& member : company_members()) {
            names.push_back(member.name);
        }
        names.insert(names.end(), given_columns.begin(), given_columns.end());
        return names;
    }();
    return columns;
}

std::string company_line(const json::object& company) {
    std::vector<std::string> cells;
    for (const std::string& column : company_columns()) {
        const json::value* value = company.if_contains(column);
        cells.push_back(value == nullptr ? std::string() : cell_of(*value));
    }
    return csv_line(cells);
}

}  // namespace sillage::server
