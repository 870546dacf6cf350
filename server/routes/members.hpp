#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/schema.hpp"
#include "engine/schema/check.hpp"
#include "server/http/message.hpp"

// Bodies of requests: read strictly, then held against declared members by the same code that
// checks a workflow's forms.

namespace sillage::server {

/// Longest name, title or address that a registry keeps; a line on a screen holds half of it.
inline constexpr std::size_t short_text_max = 200;

/// A member of a body: optional unless `required` is called on it.
[[nodiscard]] sillage::Field text_member(std::string_view name,
                                         std::size_t length_max = short_text_max);
[[nodiscard]] sillage::Field number_member(std::string_view name, SchemaType type, double minimum,
                                           double maximum);
[[nodiscard]] sillage::Field object_member(std::string_view name);
[[nodiscard]] sillage::Field list_member(std::string_view name, SchemaType type);
[[nodiscard]] sillage::Field any_member(std::string_view name);
/// The same member, required; text then has at least one character.
[[nodiscard]] sillage::Field required(sillage::Field field);

/// The body as an object that has these members and no other. Null is as good as absent.
/// Errors: as json_body; invalid_argument: a member that is unknown, missing or not what is asked
///         for, or text with control characters or changes of direction, with its pointer.
[[nodiscard]] Result<boost::json::object> read_members(const Request& request,
                                                       const std::vector<sillage::Field>& members);
/// The same for an object inside a body.
[[nodiscard]] Result<boost::json::object> check_members(boost::json::object object,
                                                        const std::vector<sillage::Field>& members,
                                                        const std::string& pointer = "");

/// All that is wrong with the members of an object, null counting as a value.
[[nodiscard]] std::vector<SchemaProblem> member_problems(
    const boost::json::object& given, const std::vector<sillage::Field>& members);

/// The first of some problems as a refusal, its pointer within `pointer`.
[[nodiscard]] Error error_of_first(const std::vector<SchemaProblem>& problems,
                                   const std::string& pointer = "");

/// The body as an object of any members. Errors: as json_body; malformed: another value.
[[nodiscard]] Result<boost::json::object> read_object(const Request& request);

/// The body of a PATCH. Errors: unsupported_media_type: not `application/merge-patch+json`;
///         malformed; invalid_argument: not an object.
[[nodiscard]] Result<boost::json::object> read_patch(const Request& request);

/// RFC 7396, a level of objects at a time.
void merge_patch(boost::json::object& target, const boost::json::object& patch);

/// The text of a member, or empty.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view name);
/// The object of a member, or an empty one.
[[nodiscard]] boost::json::object object_of(const boost::json::object& object,
                                            std::string_view name);

}  // namespace sillage::server
