#include "engine/store/json_reader.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>

namespace sillage {
namespace {

namespace json = boost::json;

const json::object no_object;
const json::array no_array;
const json::value no_value;

}  // namespace

const json::object& JsonReader::object(const json::value& value) {
    if (const json::object* found = value.if_object()) {
        return *found;
    }
    complain("an object is missing");
    return no_object;
}

const json::value& JsonReader::member(const json::object& object, std::string_view name) {
    if (const json::value* found = object.if_contains(name)) {
        return *found;
    }
    complain(fmt::format("\"{}\" is missing", name));
    return no_value;
}

const json::object& JsonReader::object(const json::object& object, std::string_view name) {
    const json::value& value = member(object, name);
    if (const json::object* found = value.if_object()) {
        return *found;
    }
    complain(fmt::format("\"{}\" is no object", name));
    return no_object;
}

const json::array& JsonReader::array(const json::object& object, std::string_view name) {
    const json::value& value = member(object, name);
    if (const json::array* found = value.if_array()) {
        return *found;
    }
    complain(fmt::format("\"{}\" is no list", name));
    return no_array;
}

std::int64_t JsonReader::integer(const json::value& value) {
    if (const std::int64_t* found = value.if_int64()) {
        return *found;
    }
    complain("an integer is missing");
    return 0;
}

std::int64_t JsonReader::integer(const json::object& object, std::string_view name) {
    const json::value& value = member(object, name);
    if (const std::int64_t* found = value.if_int64()) {
        return *found;
    }
    complain(fmt::format("\"{}\" is no integer", name));
    return 0;
}

std::uint64_t JsonReader::unsigned_integer(const json::object& object, std::string_view name) {
    const std::int64_t value = integer(object, name);
    if (value < 0) {
        complain(fmt::format("\"{}\" is negative", name));
        return 0;
    }
    return static_cast<std::uint64_t>(value);
}

bool JsonReader::boolean(const json::object& object, std::string_view name) {
    const json::value& value = member(object, name);
    if (const bool* found = value.if_bool()) {
        return *found;
    }
    complain(fmt::format("\"{}\" is neither true nor false", name));
    return false;
}

std::string JsonReader::text(const json::value& value) {
    if (const json::string* found = value.if_string()) {
        return std::string(*found);
    }
    complain("a text is missing");
    return {};
}

std::string JsonReader::text(const json::object& object, std::string_view name) {
    const json::value& value = member(object, name);
    if (const json::string* found = value.if_string()) {
        return std::string(*found);
    }
    complain(fmt::format("\"{}\" is no text", name));
    return {};
}

std::vector<std::string> JsonReader::texts(const json::object& object, std::string_view name) {
    std::vector<std::string> found;
    for (const json::value& item : array(object, name)) {
        found.push_back(text(item));
    }
    return found;
}

void JsonReader::complain(std::string fault) {
    if (fault_.empty()) {
        fault_ = std::move(fault);
    }
}

Result<void> JsonReader::verdict(std::string_view what) const {
    if (fault_.empty()) {
        return success();
    }
    return Error{.code = ErrorCode::corrupt,
                 .message = fmt::format("What was stored is not {}: {}.", what, fault_)};
}

}  // namespace sillage
