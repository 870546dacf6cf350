#include "engine/base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <unordered_set>
#include <vector>

#include "engine/base/assert.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// Builds the value while Boost's parser reports its parts, and refuses what that lets pass.
/// One Level per open container; `where()` is the pointer to the value being read.
class StrictHandler {
  public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

    json::value root;
    std::string complaint;
    std::size_t depth_max = json_depth_max;

    std::string where() const {
        std::string pointer;
        for (const Level& level : levels_) {
            if (level.value.is_object() && !level.has_key) {
                break;  // before its first member
            }
            pointer += '/';
            pointer += level.value.is_array() ? std::to_string(level.value.get_array().size())
                                              : pointer_token(level.key);
        }
        return pointer;
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code& error) { return open(json::object(), error); }
    bool on_object_end(std::size_t, json::error_code&) { return close(); }
    bool on_array_begin(json::error_code& error) { return open(json::array(), error); }
    bool on_array_end(std::size_t, json::error_code&) { return close(); }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code& error) {
        text_.append(part.data(), part.size());
        Level& level = levels_.back();
        level.key = std::move(text_);
        level.has_key = true;
        text_.clear();
        if (level.value.get_object().contains(level.key)) {
            return refuse(fmt::format("The member \"{}\" stands twice.", level.key), error);
        }
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool on_string(json::string_view part, std::size_t, json::error_code&) {
        text_.append(part.data(), part.size());
        put(json::value(json::string(text_)));
        text_.clear();
        return true;
    }
    bool on_number_part(json::string_view part, json::error_code&) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
        text_.clear();
        put(json::value(number));
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
        text_.clear();
        put(json::value(static_cast<double>(number)));
        return true;
    }
    /// Boost's number may be a neighbour of the nearest double, so the digits are read again.
    bool on_double(double number, json::string_view part, json::error_code& error) {
        text_.append(part.data(), part.size());
        double nearest = std::copysign(0.0, number);
        const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), nearest);
        const bool too_small = read.ec == std::errc::result_out_of_range && std::abs(number) < 1;
        text_.clear();
        if (!too_small && read.ec != std::errc()) {
            return refuse("The number is out of range.", error);
        }
        put(json::value(nearest));
        return true;
    }
    bool on_bool(bool truth, json::error_code&) {
        put(json::value(truth));
        return true;
    }
    bool on_null(json::error_code&) {
        put(json::value(nullptr));
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

  private:
    struct Level {
        json::value value;
        std::string key;
        bool has_key = false;
    };

    bool refuse(std::string complaint_text, json::error_code& error) {
        complaint = std::move(complaint_text);
        error = json::error::syntax;
        return false;
    }
    bool open(json::value container, json::error_code& error) {
        if (levels_.size() >= depth_max) {
            return refuse(fmt::format("More than {} levels of nesting.", depth_max), error);
        }
        levels_.push_back(Level{.value = std::move(container), .key = {}});
        return true;
    }
    bool close() {
        json::value done = std::move(levels_.back().value);
        levels_.pop_back();
        put(std::move(done));
        return true;
    }
    void put(json::value value) {
        if (levels_.empty()) {
            root = std::move(value);
        } else if (levels_.back().value.is_array()) {
            levels_.back().value.get_array().push_back(std::move(value));
        } else {
            levels_.back().value.get_object().emplace(levels_.back().key, std::move(value));
        }
    }

    std::vector<Level> levels_;
    std::string text_;
};

void append_double(std::string& out, double number) {
    SILLAGE_ASSERT(std::isfinite(number));
    char buffer[32];
    const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number).ptr;
    const std::string_view digits(buffer, static_cast<std::size_t>(end - buffer));
    out += digits;
    if (digits.find_first_of(".e") == std::string_view::npos) {
        out += ".0";
    }
}

/// Bytes made room for at once. Chosen: most snapshots, entries and answers take no more.
constexpr std::size_t text_bytes_expected = 1024;

/// Most texts need no escape; Boost spells the others.
void append_string(std::string& out, std::string_view text) {
    const auto is_plain = [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != '\x7F';
    };
    if (!std::ranges::all_of(text, is_plain)) {
        out += json::serialize(json::string_view(text));
        return;
    }
    out += '"';
    out += text;
    out += '"';
}

void append_digits(std::string& out, const fmt::format_int& number) {
    out.append(number.data(), number.size());
}

void append(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::double_:
            append_double(out, value.get_double());
            return;
        case json::kind::array: {
            out += '[';
            bool first = true;
            for (const auto& item : value.get_array()) {
                out += first ? "" : ",";
                first = false;
                append(out, item);
            }
            out += ']';
            return;
        }
        case json::kind::object: {
            out += '{';
            bool first = true;
            for (const auto& member : value.get_object()) {
                out += first ? "" : ",";
                first = false;
                append_string(out, member.key());
                out += ':';
                append(out, member.value());
            }
            out += '}';
            return;
        }
        case json::kind::string:
            append_string(out, value.get_string());
            return;
        case json::kind::int64:
            append_digits(out, fmt::format_int(value.get_int64()));
            return;
        case json::kind::uint64:
            append_digits(out, fmt::format_int(value.get_uint64()));
            return;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            return;
        case json::kind::null:
            out += "null";
            return;
    }
}

}  // namespace

Result<json::value> parse_json(std::string_view text, std::size_t depth_max) {
    json::parse_options options;
    options.max_depth = depth_max + 1;
    json::basic_parser<StrictHandler> parser(options);
    parser.handler().depth_max = depth_max;
    json::error_code error;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (error) {
        const auto& complaint = parser.handler().complaint;
        return Error{.code = ErrorCode::malformed,
                     .message = complaint.empty() ? fmt::format("This is not JSON: {} at byte {}.",
                                                                error.message(), used)
                                                  : complaint,
                     .where = parser.handler().where()};
    }
    if (used < text.size()) {
        return Error{.code = ErrorCode::malformed,
                     .message = fmt::format("Something follows the JSON value at byte {}.", used)};
    }
    return std::move(parser.handler().root);
}

std::string to_json_text(const json::value& value) {
    std::string out;
    out.reserve(text_bytes_expected);
    append(out, value);
    return out;
}

std::string pointer_token(std::string_view name) {
    std::string token;
    for (const char c : name) {
        token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return token;
}

}  // namespace sillage
