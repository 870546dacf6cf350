#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "server/routes/visit.hpp"

// How an instance is shown: to whom matters, so every function takes the caller.

namespace sillage::server {

/// Children as Reader::children gives them.
using Children = std::vector<InstanceRecord>;

/// The instance as api.md, section 5 has it, for the caller's roles and languages. `parent` is
/// `{id, invoke}` or null, `children` a list of `{id, invoke, workflow, done}`. Made in `memory`.
[[nodiscard]] boost::json::object instance_json(const Loaded& loaded, const Call& call,
                                                const Children& children = {},
                                                const boost::json::storage_ptr& memory = {});

/// The answer with an instance and its ETag.
[[nodiscard]] Response instance_response(Status status, boost::json::object instance,
                                         const InstanceRecord& record);

/// `"7"`: the instance's sequence as an entity tag.
[[nodiscard]] std::string etag_of(const InstanceRecord& record);

}  // namespace sillage::server
