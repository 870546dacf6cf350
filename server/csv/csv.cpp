#include "server/csv/csv.hpp"

#include <csv.h>

#include <algorithm>
#include <memory>

namespace sillage::server {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view formula_starts = "=+-@\t\r\n";
/// What makes quotes needed here or in a reader that expects the other separator.
constexpr std::string_view quoted_characters = ",;\"'\t\r\n";

/// Whether apostrophes, if any, stand before what starts a formula.
bool is_formula(std::string_view text) {
    const std::size_t start = text.find_first_not_of('\'');
    return start != std::string_view::npos && formula_starts.find(text[start]) != text.npos;
}

char separator_of(std::string_view text) {
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    return std::ranges::count(line, ';') > std::ranges::count(line, ',') ? ';' : ',';
}

/// What libcsv tells while it reads.
class Collector {
  public:
    explicit Collector(std::size_t rows_max) : rows_max_(rows_max) {}

    void take_cell(std::string_view text) {
        is_blank_ = is_blank_ && text.empty();
        is_begun_ = true;
        if (cells_.size() == csv_columns_max) {
            is_too_wide_ = true;
            return;
        }
        cells_.emplace_back(is_formula(text) && text.starts_with('\'') ? text.substr(1) : text);
    }

    /// `end` is the character that ended the row, or -1 at the end of the text.
    void end_row(int end) {
        if (!is_begun_ && end == '\n' && last_end_ == '\r') {
            last_end_ = end;  // the second half of a CRLF
            return;
        }
        last_end_ = end;
        ++number_;
        if (table_.header.empty() && !is_blank_) {
            table_.header = std::move(cells_);
        } else if (!is_blank_ && table_.rows.size() == rows_max_) {
            is_too_long_ = true;
        } else if (!is_blank_) {
            table_.rows.push_back({.number = number_, .cells = std::move(cells_)});
        }
        cells_.clear();
        is_blank_ = true;
        is_begun_ = false;
    }

    [[nodiscard]] Result<CsvTable> take() {
        if (is_too_wide_) {
            return malformed("A row may have " + std::to_string(csv_columns_max) + " cells.");
        }
        if (is_too_long_) {
            return Error{.code = ErrorCode::too_large,
                         .message = "A file may have " + std::to_string(rows_max_) +
                                    " rows beside its header; send it in parts."};
        }
        if (table_.header.empty()) {
            return malformed("The first row must name the columns.");
        }
        return std::move(table_);
    }

    [[nodiscard]] Error unreadable() const {
        return malformed("Row " + std::to_string(number_ + 1) +
                         ": a cell that begins with a quote must end with one, and a quote within "
                         "it is written twice.");
    }

  private:
    static Error malformed(std::string message) {
        return Error{.code = ErrorCode::malformed, .message = std::move(message)};
    }

    std::size_t rows_max_;
    CsvTable table_ = {};
    std::vector<std::string> cells_ = {};
    std::size_t number_ = 0;
    int last_end_ = 0;
    bool is_begun_ = false;
    bool is_blank_ = true;
    bool is_too_wide_ = false;
    bool is_too_long_ = false;
};

void on_cell(void* text, std::size_t size, void* collector) {
    static_cast<Collector*>(collector)->take_cell({static_cast<const char*>(text), size});
}

void on_row(int end, void* collector) { static_cast<Collector*>(collector)->end_row(end); }

struct Release {
    void operator()(csv_parser* parser) const { csv_free(parser); }
};

}  // namespace

Result<CsvTable> read_csv(std::string_view text, std::size_t rows_max) {
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    const std::unique_ptr<csv_parser, Release> release(&parser);
    csv_set_delim(&parser, static_cast<unsigned char>(separator_of(text)));
    Collector collector(rows_max);
    const bool is_read =
        csv_parse(&parser, text.data(), text.size(), on_cell, on_row, &collector) == text.size() &&
        csv_fini(&parser, on_cell, on_row, &collector) == 0;
    if (!is_read) {
        return collector.unreadable();
    }
    return collector.take();
}

std::string csv_line(std::span<const std::string> cells) {
    std::string line;
    for (const std::string& cell : cells) {
        line += &cell == cells.data() ? "" : ",";
        const std::string text = is_formula(cell) ? "'" + cell : cell;
        const bool is_quoted = text.find_first_of(quoted_characters) != std::string::npos ||
                               text.starts_with(' ') || text.ends_with(' ');
        if (!is_quoted) {
            line += text;
            continue;
        }
        const std::size_t begin = line.size();
        line.resize(begin + csv_write(nullptr, 0, text.data(), text.size()));
        csv_write(line.data() + begin, line.size() - begin, text.data(), text.size());
    }
    return line + "\r\n";
}

}  // namespace sillage::server
