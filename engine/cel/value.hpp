#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"
#include "engine/model/schema.hpp"

namespace sillage {

class Value;

/// CEL's timestamp: seconds since 1970 and nanoseconds 0-999,999,999 after them; years 1-9999.
struct Timestamp {
    std::int64_t seconds = 0;
    std::int32_t nanoseconds = 0;

    auto operator<=>(const Timestamp&) const = default;
};

/// CEL's duration; both parts have the same sign. Range: ±315,576,000,000 s.
struct TimeSpan {
    std::int64_t seconds = 0;
    std::int32_t nanoseconds = 0;

    auto operator<=>(const TimeSpan&) const = default;
};

struct NullValue {
    bool operator==(const NullValue&) const = default;
};

/// Well-formed UTF-8. Whose it is, the Value knows that holds it.
struct TextView {
    std::string_view view = {};
};
struct Bytes {
    std::string_view octets = {};
};
/// A type as a value: `int`, `list`, `google.protobuf.Timestamp`, …
struct TypeName {
    std::string_view name = {};  ///< one of a fixed set of literals
};
using ValueList = std::vector<Value>;
/// In order of insertion.
using ValueEntries = std::vector<std::pair<Value, Value>>;

/// A CEL value. Copying is cheap and never throws: what is large is immutable and shared, or, of a
/// text, borrowed.
class Value {
  public:
    using Data = std::variant<NullValue, bool, std::int64_t, std::uint64_t, double, TextView, Bytes,
                              const ValueList*, const ValueEntries*, Timestamp, TimeSpan, TypeName>;

    Value() = default;
    /// Without an owner: a scalar, or text that is borrowed.
    explicit Value(Data data) : data_(data) {}
    /// `owner` keeps alive what `data` points to.
    Value(Data data, std::shared_ptr<const void> owner) : data_(data), owner_(std::move(owner)) {}

    /// Becomes that scalar or borrowed text, in place: a Value made elsewhere and moved here takes
    /// several times as long.
    template <class T>
    void set(T data) {
        data_.emplace<T>(data);
        if (owner_) {
            owner_.reset();
        }
    }

    [[nodiscard]] const Data& data() const { return data_; }
    [[nodiscard]] const std::shared_ptr<const void>& owner() const { return owner_; }
    [[nodiscard]] bool is_null() const { return std::holds_alternative<NullValue>(data_); }
    /// The alternative, or null when it is another.
    template <class T>
    [[nodiscard]] const T* get_if() const {
        return std::get_if<T>(&data_);
    }
    [[nodiscard]] const std::string_view* text() const {
        const auto* text = get_if<TextView>();
        return text ? &text->view : nullptr;
    }
    [[nodiscard]] const ValueList* list() const {
        const auto* list = get_if<const ValueList*>();
        return list ? *list : nullptr;
    }
    [[nodiscard]] const ValueEntries* entries() const {
        const auto* entries = get_if<const ValueEntries*>();
        return entries ? *entries : nullptr;
    }

  private:
    Data data_;
    std::shared_ptr<const void> owner_;
};

[[nodiscard]] Value text_value(std::string text);
/// Refers to `text`, which must live as long as the value and its copies.
[[nodiscard]] inline Value borrowed_text(std::string_view text) { return Value(TextView{text}); }
[[nodiscard]] Value bytes_value(std::string octets);
[[nodiscard]] Value list_value(ValueList items);
[[nodiscard]] Value map_value(ValueEntries entries);
[[nodiscard]] Value instant_value(Instant at);

/// The same value, with every text its own.
[[nodiscard]] Value owned(Value value);

/// The millisecond that a timestamp lies in.
[[nodiscard]] Instant instant_of(Timestamp at);

/// CEL's `==`: numbers compare across int, uint and double; different types are unequal.
[[nodiscard]] bool equal(const Value& a, const Value& b);

/// `int`, `string`, … as CEL's `type()` names it.
[[nodiscard]] std::string_view type_name(const Value& value);

/// For people, written as CEL would: `3`, `3u`, `1.5`, `"text"`, `[1, 2]`, `{"a": 1}`,
/// `timestamp("…")`.
[[nodiscard]] std::string to_string(const Value& value);

/// As CEL's `string()`: RFC 3339 in UTC, the fraction without trailing zeros.
/// Ex. `2027-03-15T16:00:00Z`.
[[nodiscard]] std::string timestamp_text(Timestamp at);

/// Reads a JSON value as its schema declares it: `number` as double, `format: date-time` and
/// `date` (00:00 in UTC unless `date_start` says otherwise) as timestamp, null as null. Undeclared
/// parts: a number without fraction is an int, else a double.
/// `schema` may be null: nothing is declared.
struct DateReader {
    const void* host = nullptr;
    /// The first instant of a day in the definition's zone.
    Instant (*start_of)(const void* host, CivilDate date) = nullptr;
};
[[nodiscard]] Value from_json(const boost::json::value& json, const Schema* schema,
                              const DateReader& dates = {});
/// The same, its texts borrowed from `json`.
[[nodiscard]] Value view_json(const boost::json::value& json, const Schema* schema,
                              const DateReader& dates = {});
/// The same, put in place.
void view_json(Value& value, const boost::json::value& json, const Schema* schema,
               const DateReader& dates);

/// Levels of lists and maps that a value may have as JSON: parse_json reads json_depth_max, and
/// what is stored has some around it.
inline constexpr std::size_t json_value_depth_max = 24;

/// The JSON of a value: timestamps as RFC 3339 with milliseconds, durations as `3600s`, bytes as
/// base64, map keys as text. Errors: expression_failed: NaN, an infinity, a uint above int64, a
/// type, two keys of one spelling, more than json_value_depth_max levels.
[[nodiscard]] Result<boost::json::value> to_json(const Value& value);

/// RFC 4648, with padding.
[[nodiscard]] std::string base64(std::string_view octets);

}  // namespace sillage
