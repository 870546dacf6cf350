#include "server/routes/members.hpp"

#include <algorithm>
#include <memory>

#include "engine/base/json.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Characters that change how the text around them is shown: C0, C1 and bidirectional controls.
/// A line feed and a tab may stand, for texts of several lines.
bool has_hidden_controls(std::string_view text) {
    for (std::size_t index = 0; index < text.size(); ++index) {
        const auto byte = [&](std::size_t ahead) {
            return index + ahead < text.size() ? static_cast<unsigned char>(text[index + ahead])
                                               : 0U;
        };
        const bool is_c0 =
            (byte(0) < 0x20 && byte(0) != '\n' && byte(0) != '\t') || byte(0) == 0x7f;
        const bool is_c1 = byte(0) == 0xc2 && byte(1) < 0xa0;
        // U+202A to U+202E, U+2066 to U+2069
        const bool is_override =
            byte(0) == 0xe2 && ((byte(1) == 0x80 && byte(2) >= 0xaa && byte(2) <= 0xae) ||
                                (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9));
        if (is_c0 || is_c1 || is_override) {
            return true;
        }
    }
    return false;
}

void look_for_hidden(const json::value& value, const std::string& pointer,
                     std::vector<SchemaProblem>& problems) {
    if (value.is_string() && has_hidden_controls(value.get_string())) {
        problems.push_back(
            {.pointer = pointer,
             .rule = "text",
             .message = "Text may not hold control characters or changes of direction."});
    } else if (value.is_array()) {
        std::size_t index = 0;
        for (const json::value& item : value.get_array()) {
            look_for_hidden(item, pointer + "/" + std::to_string(index++), problems);
        }
    } else if (value.is_object()) {
        for (const json::key_value_pair& member : value.get_object()) {
            look_for_hidden(json::value(member.key()), pointer, problems);
            look_for_hidden(member.value(), pointer + "/" + pointer_token(member.key()), problems);
        }
    }
}

Result<json::object> to_object(json::value body) {
    if (!body.is_object()) {
        return Error{.code = ErrorCode::malformed, .message = "The body must be a JSON object."};
    }
    return std::move(body.get_object());
}

}  // namespace

sillage::Field text_member(std::string_view name, std::size_t length_max) {
    return {.name = std::string(name),
            .schema = {.type = SchemaType::string, .max_length = length_max}};
}

sillage::Field number_member(std::string_view name, SchemaType type, double minimum,
                             double maximum) {
    return {.name = std::string(name),
            .schema = {.type = type, .minimum = minimum, .maximum = maximum}};
}

sillage::Field object_member(std::string_view name) {
    return {.name = std::string(name), .schema = {.type = SchemaType::object}};
}

sillage::Field list_member(std::string_view name, SchemaType type) {
    return {.name = std::string(name),
            .schema = {.type = SchemaType::array,
                       .items = std::make_shared<Schema>(Schema{.type = type})}};
}

sillage::Field any_member(std::string_view name) { return {.name = std::string(name)}; }

sillage::Field required(sillage::Field field) {
    field.required = true;
    if (field.schema.type == SchemaType::string && !field.schema.min_length) {
        field.schema.min_length = 1;
    }
    return field;
}

Error error_of_first(const std::vector<SchemaProblem>& problems, const std::string& pointer) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = problems.front().message,
                 .where = pointer + problems.front().pointer};
}

std::vector<SchemaProblem> member_problems(const json::object& given,
                                           const std::vector<sillage::Field>& members) {
    std::vector<SchemaProblem> problems = check_fields(given, members);
    if (problems.empty()) {
        look_for_hidden(given, "", problems);
    }
    return problems;
}

Result<json::object> check_members(json::object object, const std::vector<sillage::Field>& members,
                                   const std::string& pointer) {
    json::object given;
    for (json::key_value_pair& member : object) {
        const sillage::Field* known = find_field(members, member.key());
        if (known == nullptr || known->schema.type == SchemaType::any ||
            !member.value().is_null()) {
            given.emplace(member.key(), std::move(member.value()));
        }
    }
    const auto problems = member_problems(given, members);
    if (!problems.empty()) {
        return error_of_first(problems, pointer);
    }
    return normalise_fields(given, members);
}

Result<json::object> read_members(const Request& request,
                                  const std::vector<sillage::Field>& members) {
    SILLAGE_TRY(auto object, read_object(request));
    return check_members(std::move(object), members);
}

Result<json::object> read_object(const Request& request) {
    SILLAGE_TRY(auto body, json_body(request));
    return to_object(std::move(body));
}

Result<json::object> read_patch(const Request& request) {
    if (media_type_of(request) != "application/merge-patch+json") {
        return Error{.code = ErrorCode::unsupported_media_type,
                     .message = "Send Content-Type: application/merge-patch+json."};
    }
    SILLAGE_TRY(auto body, parse_json(request.body));
    return to_object(std::move(body));
}

void merge_patch(json::object& target, const json::object& patch) {
    for (const json::key_value_pair& member : patch) {
        if (member.value().is_null()) {
            target.erase(member.key());
            continue;
        }
        if (!member.value().is_object()) {
            target[member.key()] = member.value();
            continue;
        }
        json::value& below = target[member.key()];
        if (!below.is_object()) {
            below = json::object();
        }
        merge_patch(below.get_object(), member.value().get_object());
    }
}

std::string text_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

json::object object_of(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

}  // namespace sillage::server
