#pragma once

#include <string_view>
#include <vector>

#include "engine/model/schema.hpp"
#include "server/http/message.hpp"

// What a line of the table of routes tells its readers: the OpenAPI document is made of it.

namespace sillage::server {

/// The members that a body is held against.
using Members = std::vector<sillage::Field> (*)();

/// The body that a route asks for; one with members is JSON, that of a PATCH a merge patch of
/// them, unless it is a form.
struct AskedBody {
    /// Of its schema in the document. Ex. `CompanyInput`; empty: the route takes no body.
    std::string_view name = {};
    /// What checks the body, so that the document cannot say anything else.
    Members members = nullptr;
    /// Its members come as the fields of a form, not as JSON.
    bool is_form = false;
    /// Those that are taken beside JSON, or instead of it, when there are no members.
    std::vector<std::string_view> media_types = {};
};

/// One way in which a route answers when it does what it is asked.
struct GivenAnswer {
    Status status = Status::ok;
    /// Of its schema in shapes.json; empty: there is no body, or it is text.
    std::string_view schema = {};
    /// A page of such things: `{items, next_cursor}`.
    bool is_page = false;
    /// Ex. `ETag`. Those that every answer has, or every one of a status, are not named.
    std::vector<std::string_view> headers = {};
    std::vector<std::string_view> media_types = {"application/json"};
};

/// A route in words and shapes.
struct Description {
    /// Unique, as a programming language names a function. Ex. `create_company`.
    std::string_view id = {};
    /// One line, imperative, without a full stop.
    std::string_view summary = {};
    /// One of the tags in shapes.json.
    std::string_view tag = {};
    /// What the summary leaves out; CommonMark.
    std::string_view words = {};
    /// Fields of the request that the route reads itself. Ex. `If-Match`.
    std::vector<std::string_view> headers = {};
    AskedBody body = {};
    std::vector<GivenAnswer> gives = {};
    /// Codes of `problems()` beside those that follow from method, path, permission and body.
    std::vector<std::string_view> refuses = {};
};

}  // namespace sillage::server
