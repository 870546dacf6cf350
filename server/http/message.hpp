#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/instant.hpp"
#include "engine/base/result.hpp"

// Our own requests and responses: plain values. Nothing here, and nothing that includes it, knows
// Beast or Asio.

namespace sillage::server {

enum class Method { get, head, post, put, patch, del, options, other };

/// `GET`, `DELETE`, …; `other` gives an empty name.
[[nodiscard]] std::string_view name_of(Method method);
/// The method of that exact (case-sensitive) name, `other` for every unknown one.
[[nodiscard]] Method method_named(std::string_view name);

/// The statuses this server answers with.
enum class Status : int {
    ok = 200,
    created = 201,
    accepted = 202,
    no_content = 204,
    see_other = 303,
    not_modified = 304,
    bad_request = 400,
    unauthorized = 401,
    forbidden = 403,
    not_found = 404,
    method_not_allowed = 405,
    not_acceptable = 406,
    request_timeout = 408,
    conflict = 409,
    precondition_failed = 412,
    content_too_large = 413,
    uri_too_long = 414,
    unsupported_media_type = 415,
    expectation_failed = 417,
    unprocessable = 422,
    too_many_requests = 429,
    headers_too_large = 431,
    internal_error = 500,
    not_implemented = 501,
    unavailable = 503,
    version_not_supported = 505,
};

/// The reason phrase. Ex. `Not Found`.
[[nodiscard]] std::string_view phrase_of(Status status);

/// A name and its value: a header field, a path or a query parameter.
struct Field {
    std::string name;
    std::string value;

    bool operator==(const Field&) const = default;
};

/// Header fields in the order they came or shall go out; names compare without case.
class Headers {
  public:
    /// The value of the first field of that name, or nothing. Lives as long as the field.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    /// Adds one more field, also when the name is there already.
    void add(std::string name, std::string value);
    /// Replaces every field of that name by one.
    void set(std::string name, std::string value);
    [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

    bool operator==(const Headers&) const = default;

  private:
    std::vector<Field> fields_;
};

class LiveBody;

/// One request as it arrived, whole and within every limit.
struct Request {
    Method method = Method::get;
    /// Without the query, still percent-encoded. Ex. `/v1/workflows/a%20b`.
    std::string path = {};
    /// The route that answers. Ex. `/v1/workflows/{name}`; set by the router.
    std::string route = {};
    /// What the braces of the route matched, percent-decoded, UTF-8 without NUL; by the router.
    std::vector<Field> path_parameters = {};
    /// In the order sent, percent-decoded (`+` is a blank), UTF-8 without NUL.
    std::vector<Field> query = {};
    Headers headers = {};
    std::string body = {};
    /// Names this request in the log and in `X-Request-Id`. Ex. `req_01J…`.
    std::string request_id = {};
    /// When it arrived: the only time that what follows may know.
    Instant now = {};
    /// The address of the other end of the connection, without the port. Ex. `127.0.0.1`.
    std::string peer = {};
    /// The system's name for whoever sent it through the operator's socket, which makes it the
    /// operator's; empty for all that came over the network.
    std::string operator_name = {};
    /// By the route: set in whatever answers the request, a problem too.
    std::vector<Field> answer_fields = {};

    /// What `{name}` of the route matched. The route must have such a parameter.
    [[nodiscard]] const std::string& path_parameter(std::string_view name) const;
    /// The first query parameter of that name, or nothing. Lives as long as the request.
    [[nodiscard]] std::optional<std::string_view> query_parameter(std::string_view name) const;
    /// The language tags of Accept-Language, most wanted first; see `accepted_languages`.
    [[nodiscard]] std::vector<std::string> languages() const;
};

/// What is answered. The session adds Date, Content-Length, Connection, X-Request-Id and the
/// security headers; a HEAD request's body is left out by it too.
struct Response {
    Status status = Status::ok;
    Headers headers = {};
    std::string body = {};
    /// What goes on after `body`, until it ends or the reader goes; the connection ends with it.
    std::shared_ptr<LiveBody> live = nullptr;

    bool operator==(const Response&) const = default;
};

/// The media type of the body, in lower case and without parameters; empty without one.
/// Ex. `text/csv`.
[[nodiscard]] std::string media_type_of(const Request& request);

/// `value` as `application/json`.
[[nodiscard]] Response json_response(Status status, const boost::json::value& value);
/// The value of a Content-Disposition that has a browser keep the answer as a file of that name:
/// what no file's name should hold becomes `_`, and what is not ASCII stands beside a plain name.
/// Source: RFC 6266. Threat TM14.
[[nodiscard]] std::string attachment_named(std::string_view name);
/// What every answer under /v1 may depend on: the value of its `Vary`.
inline constexpr std::string_view personal_vary =
    "Authorization, Cookie, Accept-Language, Sillage-On-Behalf-Of";
/// The same where the client chooses among media types.
[[nodiscard]] std::string vary_by_accept();
/// `text` under that media type. Ex. `text/plain; charset=utf-8`.
[[nodiscard]] Response text_response(Status status, std::string media_type, std::string text);

/// The body as JSON; an empty one is an error.
/// Errors: unsupported_media_type: Content-Type is neither `application/json` nor `…+json`;
///         malformed: as of parse_json, with the pointer.
[[nodiscard]] Result<boost::json::value> json_body(const Request& request);

/// Refuses every query parameter that is not among `known`, and every one given twice.
/// Errors: invalid_argument, naming the parameter and the nearest known one.
[[nodiscard]] Result<void> reject_unknown_parameters(const Request& request,
                                                     const std::vector<std::string_view>& known);

}  // namespace sillage::server
