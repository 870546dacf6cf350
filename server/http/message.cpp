#include "server/http/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/assert.hpp"
#include "engine/base/json.hpp"
#include "engine/base/nearest.hpp"
#include "server/http/negotiation.hpp"
#include "server/http/text.hpp"

namespace sillage::server {

namespace {

constexpr std::array<std::pair<std::string_view, Method>, 7> method_names{{
    {"GET", Method::get},
    {"HEAD", Method::head},
    {"POST", Method::post},
    {"PUT", Method::put},
    {"PATCH", Method::patch},
    {"DELETE", Method::del},
    {"OPTIONS", Method::options},
}};

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? nullptr : &*found;
}

bool is_json(std::string_view type) {
    return type == "application/json" ||
           (type.starts_with("application/") && type.ends_with("+json"));
}

}  // namespace

std::string_view name_of(Method method) {
    const auto found =
        std::ranges::find(method_names, method, &std::pair<std::string_view, Method>::second);
    return found == method_names.end() ? std::string_view{} : found->first;
}

Method method_named(std::string_view name) {
    const auto found =
        std::ranges::find(method_names, name, &std::pair<std::string_view, Method>::first);
    return found == method_names.end() ? Method::other : found->second;
}

std::string_view phrase_of(Status status) {
    switch (status) {
        case Status::ok:
            return "OK";
        case Status::created:
            return "Created";
        case Status::accepted:
            return "Accepted";
        case Status::no_content:
            return "No Content";
        case Status::see_other:
            return "See Other";
        case Status::not_modified:
            return "Not Modified";
        case Status::bad_request:
            return "Bad Request";
        case Status::unauthorized:
            return "Unauthorized";
        case Status::forbidden:
            return "Forbidden";
        case Status::not_found:
            return "Not Found";
        case Status::method_not_allowed:
            return "Method Not Allowed";
        case Status::not_acceptable:
            return "Not Acceptable";
        case Status::request_timeout:
            return "Request Timeout";
        case Status::conflict:
            return "Conflict";
        case Status::precondition_failed:
            return "Precondition Failed";
        case Status::content_too_large:
            return "Content Too Large";
        case Status::uri_too_long:
            return "URI Too Long";
        case Status::unsupported_media_type:
            return "Unsupported Media Type";
        case Status::expectation_failed:
            return "Expectation Failed";
        case Status::unprocessable:
            return "Unprocessable Content";
        case Status::too_many_requests:
            return "Too Many Requests";
        case Status::headers_too_large:
            return "Request Header Fields Too Large";
        case Status::internal_error:
            return "Internal Server Error";
        case Status::not_implemented:
            return "Not Implemented";
        case Status::unavailable:
            return "Service Unavailable";
        case Status::version_not_supported:
            return "HTTP Version Not Supported";
    }
    return "";
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const Field& field : fields_) {
        if (equals_ignoring_case(field.name, name)) {
            return field.value;
        }
    }
    return std::nullopt;
}

void Headers::add(std::string name, std::string value) {
    fields_.push_back(Field{std::move(name), std::move(value)});
}

void Headers::set(std::string name, std::string value) {
    std::erase_if(fields_,
                  [&](const Field& field) { return equals_ignoring_case(field.name, name); });
    add(std::move(name), std::move(value));
}

const std::string& Request::path_parameter(std::string_view name) const {
    const Field* field = find_field(path_parameters, name);
    SILLAGE_ASSERT(field != nullptr);
    return field->value;
}

std::optional<std::string_view> Request::query_parameter(std::string_view name) const {
    const Field* field = find_field(query, name);
    return field == nullptr ? std::nullopt : std::optional<std::string_view>(field->value);
}

std::vector<std::string> Request::languages() const {
    return accepted_languages(headers.find("Accept-Language").value_or(""));
}

std::string media_type_of(const Request& request) {
    const std::string_view field = request.headers.find("Content-Type").value_or("");
    return to_lower(trim(field.substr(0, field.find(';'))));
}

Response json_response(Status status, const boost::json::value& value) {
    return text_response(status, "application/json", to_json_text(value));
}

std::string attachment_named(std::string_view name) {
    constexpr std::string_view unfit = "\"\\/:*?<>|%";
    std::string fit;
    std::string plain;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_fit = byte >= 0x20 && byte != 0x7f && unfit.find(c) == std::string_view::npos;
        fit += is_fit ? c : '_';
        plain += is_fit && byte < 0x80 ? c : '_';
    }
    return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain,
                       percent_encode(fit));
}

std::string vary_by_accept() { return "Accept, " + std::string(personal_vary); }

Response text_response(Status status, std::string media_type, std::string text) {
    Response response{.status = status, .body = std::move(text)};
    response.headers.add("Content-Type", std::move(media_type));
    return response;
}

Result<boost::json::value> json_body(const Request& request) {
    if (!is_json(media_type_of(request))) {
        return Error{.code = ErrorCode::unsupported_media_type,
                     .message = "The body must be JSON: send Content-Type: application/json."};
    }
    return parse_json(request.body);
}

Result<void> reject_unknown_parameters(const Request& request,
                                       const std::vector<std::string_view>& known) {
    for (std::size_t index = 0; index < request.query.size(); ++index) {
        const std::string& name = request.query[index].name;
        if (std::ranges::find(known, name) == known.end()) {
            const std::string near = nearest(name, known);
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "There is no query parameter \"" + name + "\" here" +
                                    (near.empty() ? "." : did_you_mean(near))};
        }
        if (find_field(request.query, name) != &request.query[index]) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "The query parameter \"" + name + "\" is given twice."};
        }
    }
    return success();
}

}  // namespace sillage::server
