#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/cel/detail/meter.hpp"
#include "engine/cel/detail/time_text.hpp"
#include "engine/cel/value.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

constexpr double two_to_63 = 9223372036854775808.0;

void set_double(Value& value, double number, const Schema* schema) {
    const bool whole = schema && schema->type == SchemaType::integer &&
                       number == std::trunc(number) && std::fabs(number) < two_to_63;
    whole ? value.set(static_cast<std::int64_t>(number)) : value.set(number);
}

void set_int(Value& value, std::int64_t number, const Schema* schema) {
    const bool fraction = schema && schema->type == SchemaType::number;
    fraction ? value.set(static_cast<double>(number)) : value.set(number);
}

/// Makes values of JSON.
class JsonReader {
  public:
    JsonReader(const DateReader& dates, bool borrows) : dates_(dates), borrows_(borrows) {}

    void read(Value& value, const json::value& json, const Schema* schema) const {
        switch (json.kind()) {
            case json::kind::null:
                return value.set(NullValue{});
            case json::kind::bool_:
                return value.set(json.get_bool());
            case json::kind::int64:
                return set_int(value, json.get_int64(), schema);
            case json::kind::uint64:
                return set_double(value, static_cast<double>(json.get_uint64()), schema);
            case json::kind::double_:
                return set_double(value, json.get_double(), schema);
            case json::kind::string:
                return set_string(value, json.get_string(), schema);
            case json::kind::array:
                value = array(json.get_array(), schema);
                return;
            case json::kind::object:
                value = object(json.get_object(), schema);
                return;
        }
    }

    Value read(const json::value& json, const Schema* schema) const {
        Value value;
        read(value, json, schema);
        return value;
    }

  private:
    Value text(std::string_view view) const {
        return borrows_ ? borrowed_text(view) : text_value(std::string(view));
    }

    void set_string(Value& value, std::string_view view, const Schema* schema) const {
        const SchemaFormat format = schema ? schema->format : SchemaFormat::none;
        if (format == SchemaFormat::date) {
            value = date(view);
        } else if (format == SchemaFormat::date_time) {
            const auto at = parse_timestamp(view);
            value = at ? Value(at.value()) : text(view);
        } else if (borrows_) {
            value.set(TextView{view});
        } else {
            value = text_value(std::string(view));
        }
    }

    Value date(std::string_view view) const {
        const auto date = parse_date(view);
        if (!date) {
            return text(view);
        }
        constexpr std::int64_t day_ms = 86'400'000;
        return instant_value(dates_.start_of ? dates_.start_of(dates_.host, date.value())
                                             : Instant{days_from_civil(date.value()) * day_ms});
    }

    Value object(const json::object& object, const Schema* schema) const {
        ValueEntries entries;
        entries.reserve(object.size());
        for (const auto& member : object) {
            const Field* field = schema ? find_field(schema->properties, member.key()) : nullptr;
            entries.emplace_back(text(member.key()),
                                 read(member.value(), field ? &field->schema : nullptr));
        }
        return map_value(std::move(entries));
    }

    Value array(const json::array& array, const Schema* schema) const {
        ValueList items;
        items.reserve(array.size());
        for (const auto& item : array) {
            items.push_back(read(item, schema ? schema->items.get() : nullptr));
        }
        return list_value(std::move(items));
    }

    const DateReader& dates_;
    bool borrows_;
};

/// Turns a value into JSON, one overload for each type.
class JsonWriter {
  public:
    explicit JsonWriter(std::size_t depth) : depth_(depth) {}

    Result<json::value> operator()(NullValue) const { return json::value(nullptr); }
    Result<json::value> operator()(bool truth) const { return json::value(truth); }
    Result<json::value> operator()(std::int64_t number) const { return json::value(number); }
    Result<json::value> operator()(std::uint64_t number) const {
        if (!std::in_range<std::int64_t>(number)) {
            return evaluation_error(fmt::format("{} is too large for JSON here", number));
        }
        return json::value(static_cast<std::int64_t>(number));
    }
    Result<json::value> operator()(double number) const {
        if (!std::isfinite(number)) {
            return evaluation_error(double_text(number) + " has no form in JSON");
        }
        return json::value(number);
    }
    Result<json::value> operator()(TextView text) const {
        return json::value(json::string(text.view));
    }
    Result<json::value> operator()(const Bytes& bytes) const {
        return json::value(json::string(base64(bytes.octets)));
    }
    Result<json::value> operator()(const ValueList* list) const {
        SILLAGE_TRY(check_depth());
        json::array array;
        array.reserve(list->size());
        for (const Value& item : *list) {
            SILLAGE_TRY(auto written, std::visit(JsonWriter(depth_ + 1), item.data()));
            array.push_back(std::move(written));
        }
        return json::value(std::move(array));
    }
    Result<json::value> operator()(const ValueEntries* map) const {
        SILLAGE_TRY(check_depth());
        json::object object;
        for (const auto& [key, value] : *map) {
            SILLAGE_TRY(auto name, member_name(key));
            SILLAGE_TRY(auto written, std::visit(JsonWriter(depth_ + 1), value.data()));
            if (object.contains(name)) {
                return evaluation_error(
                    fmt::format("two keys of the map are \"{}\" in JSON", name.substr(0, 64)));
            }
            object.emplace(name, std::move(written));
        }
        return json::value(std::move(object));
    }
    Result<json::value> operator()(Timestamp at) const {
        // Milliseconds always, as every instant of the API; finer parts when there are any.
        const bool whole_ms = at.nanoseconds % 1'000'000 == 0;
        return json::value(json::string(whole_ms ? to_string(instant_of(at)) : timestamp_text(at)));
    }
    Result<json::value> operator()(TimeSpan span) const {
        return json::value(json::string(time_span_text(span)));
    }
    Result<json::value> operator()(TypeName type) const {
        return evaluation_error(fmt::format("the type {} has no form in JSON", type.name));
    }

  private:
    /// What is stored is read back by parse_json, which refuses more.
    Result<void> check_depth() const {
        if (depth_ >= json_value_depth_max) {
            return evaluation_error(
                fmt::format("a value nests more than {} levels", json_value_depth_max));
        }
        return success();
    }

    static Result<std::string> member_name(const Value& key) {
        if (const auto* text = key.text()) {
            return std::string(*text);
        }
        if (const auto* truth = key.get_if<bool>()) {
            return std::string(*truth ? "true" : "false");
        }
        if (const auto* number = key.get_if<std::int64_t>()) {
            return std::to_string(*number);
        }
        if (const auto* number = key.get_if<std::uint64_t>()) {
            return std::to_string(*number);
        }
        return evaluation_error(fmt::format("a key of type {} in a map", type_name(key)));
    }

    std::size_t depth_;
};

}  // namespace

Value from_json(const json::value& value, const Schema* schema, const DateReader& dates) {
    return JsonReader(dates, false).read(value, schema);
}

Value view_json(const json::value& value, const Schema* schema, const DateReader& dates) {
    return JsonReader(dates, true).read(value, schema);
}

void view_json(Value& value, const json::value& json, const Schema* schema,
               const DateReader& dates) {
    JsonReader(dates, true).read(value, json, schema);
}

Result<json::value> to_json(const Value& value) { return std::visit(JsonWriter(0), value.data()); }

std::string base64(std::string_view octets) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto octet = [&](std::size_t at) {
        return at < octets.size() ? static_cast<unsigned char>(octets[at]) : 0U;
    };
    std::string text;
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        const std::uint32_t group = octet(at) << 16U | octet(at + 1) << 8U | octet(at + 2);
        text += alphabet[group >> 18U];
        text += alphabet[(group >> 12U) & 63U];
        text += at + 1 < octets.size() ? alphabet[(group >> 6U) & 63U] : '=';
        text += at + 2 < octets.size() ? alphabet[group & 63U] : '=';
    }
    return text;
}

}  // namespace sillage
