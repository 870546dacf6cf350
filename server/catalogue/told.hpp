#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/outbox/message.hpp"
#include "engine/runtime/runtime.hpp"
#include "server/auth/permission.hpp"

// What of a step, a refusal and the log a caller is told. `visible_to` keeps values from roles;
// outsiders (engine/model/audience.hpp) are besides told neither of concealed states nor who the
// people behind the programme are.

namespace sillage::server {

/// Who reads an instance's log.
struct LogReader {
    const Call& call;
    /// Is told what steps started and sent.
    bool with_effects = false;
    /// Is told what evaluators wrote in fields without `visible_to`.
    bool with_sheets = false;
    /// By chance, of the instance, known to nobody else: what pseudonyms are made with. Empty:
    /// there are none, a stranger has no id at all.
    std::string salt = {};
};

/// One log entry. To an outsider, what happened within concealed states is the event `$internal` of
/// nobody, without data; a stranger's id is a pseudonym, the same in the whole log and in no other.
[[nodiscard]] boost::json::object entry_json(const Definition& definition, const Entry& entry,
                                             const LogReader& reader);

/// `{source, event, targets}` of each transition, as the caller is told of them.
[[nodiscard]] boost::json::array taken_json(const Receipt& receipt, const Call& call,
                                            const boost::json::storage_ptr& memory = {});
[[nodiscard]] boost::json::array told_taken(const Definition& definition, boost::json::array taken,
                                            const Call& call);

/// What the reader is told of a message of the entry; nothing: not even that there is one. To an
/// outsider neither what happened within concealed states nor a workflow's own events are told;
/// notifications are told to their role and to readers of effects.
[[nodiscard]] std::optional<boost::json::object> told_message(const Definition& definition,
                                                              const Entry& entry, Message message,
                                                              const LogReader& reader);

/// The reasons with the states that the caller is told of. Their sentences and values are the
/// caller's already: the engine words them so.
void tell_places(std::vector<Reason>& reasons, const Definition& definition, const Call& call);

}  // namespace sillage::server
