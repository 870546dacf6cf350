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

/// One log entry. Members of `data` whose field says `visible_to` other roles are left out.
/// `with_effects`: also what the step started and sent.
[[nodiscard]] boost::json::object entry_json(const Definition& definition, const Entry& entry,
                                             const Call& call, bool with_effects);

/// The values, by path, without what the context's `visible_to` hides from the caller.
[[nodiscard]] boost::json::object visible_values(const boost::json::object& values,
                                                 const Definition& definition, const Call& call);

/// Takes out of a refusal's values what the context's `visible_to` hides from the caller.
void hide_values(std::vector<Reason>& reasons, const Definition& definition, const Call& call);

/// `{source, event, targets}` of each transition.
[[nodiscard]] boost::json::array taken_json(const Receipt& receipt,
                                            const boost::json::storage_ptr& memory = {});

}  // namespace sillage::server
