#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/schema.hpp"

namespace sillage {

/// One way in which a value is not what its schema asks for.
struct SchemaProblem {
    /// JSON pointer into the value. Ex. `/score`; empty is the whole.
    std::string pointer = {};
    /// The word that is not met. Ex. `minimum`, `required`, `unknown`, `type`.
    std::string rule = {};
    /// One English sentence naming what would be accepted.
    std::string message = {};

    bool operator==(const SchemaProblem&) const = default;
};

/// All problems of a value, in document order; none: it satisfies the schema. Null satisfies only
/// `any`. `number` accepts 5, `integer` 5.0.
[[nodiscard]] std::vector<SchemaProblem> check_value(const boost::json::value& value,
                                                     const Schema& schema);

/// The same for an object whose members are the fields: unknown members, missing required ones.
[[nodiscard]] std::vector<SchemaProblem> check_fields(const boost::json::object& object,
                                                      const std::vector<Field>& fields);

/// The value as the schema stores it: `integer` 5.0 becomes 5, `number` 5 becomes 5.0; members
/// that are absent and have a default get it. Only for values without problems.
[[nodiscard]] boost::json::value normalise(const boost::json::value& value, const Schema& schema);
[[nodiscard]] boost::json::object normalise_fields(const boost::json::object& object,
                                                   const std::vector<Field>& fields);

/// True: the value satisfies the schema and is stored as it stands. False says nothing: check_value
/// and normalise tell. Never allocates; yes to scalars of declared types, whatever the bounds.
[[nodiscard]] bool is_as_stored(const boost::json::value& value, const Schema& schema);
[[nodiscard]] bool is_as_stored(const boost::json::object& object,
                                const std::vector<Field>& fields);

/// The JSON Schema (2020-12) of a form, for `GET …/actions`. Text is the first variant that fits
/// `languages`; expressions in titles stand as written.
[[nodiscard]] boost::json::object to_json_schema(const std::vector<Field>& fields,
                                                 const std::vector<std::string>& languages);

/// Whether the schema's own words agree: bounds, a pattern that compiles, a default that fits.
/// Used when a file is read.
[[nodiscard]] std::vector<SchemaProblem> check_schema(const Schema& schema);

/// Compiles a pattern with RE2. Errors: invalid_argument: what RE2 says of it.
[[nodiscard]] Result<std::shared_ptr<const re2::RE2>> compile_pattern(const std::string& pattern);

}  // namespace sillage
