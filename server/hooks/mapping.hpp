#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "engine/base/result.hpp"

namespace sillage::server {

/// What a payload from outside means here: an event for an instance, named by its id or its key.
struct Mapped {
    std::string event = {};
    std::string instance = {};
    std::string key = {};
    boost::json::value data = nullptr;

    bool operator==(const Mapped&) const = default;
};

/// Whether a mapping can be used: `event`, and one of `instance` and `key`, and perhaps `data`,
/// each an expression in CEL over `payload`. Errors: invalid_argument, with a pointer below
/// `/mapping`.
[[nodiscard]] Result<void> check_mapping(const boost::json::object& mapping);

/// What the mapping makes of a payload.
/// Errors: expression_failed, limit_exceeded: as evaluate; invalid_argument: an expression gives
///         something else than text, or empty text.
[[nodiscard]] Result<Mapped> map_payload(const boost::json::object& mapping,
                                         const boost::json::value& payload);

}  // namespace sillage::server
