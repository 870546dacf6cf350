#pragma once

#include <string>
#include <string_view>

#include "server/http/log.hpp"
#include "server/routes/visit.hpp"

// What becomes of a message that came in and was signed: an event, or a line that is kept.

namespace sillage::server {

/// Messages that may wait for their instance, of all sources. Chosen: they are looked at once a
/// second.
inline constexpr std::size_t waiting_max = 1'000;
/// Of one source. Chosen: ten sources may be as far ahead of their instances as they like.
inline constexpr std::size_t waiting_of_source_max = 100;

/// A message on its way in.
struct InboundMessage {
    const Services& services;
    const Request& request;
    const Record& source;
    /// What names it; the same when it comes again.
    std::string id = {};
    std::string body = {};
};

/// Has the event done that the message means, as the source's account, or keeps the message with
/// the reason why not. Answers 200 or 202; an answer of 5xx when storage cannot say.
[[nodiscard]] Answer receive(const InboundMessage& message, Work& work);

/// The same for a message that was kept.
[[nodiscard]] Result<Response> receive_again(const Visit& visit, Work& work, Record kept);

/// Looks at messages that wait for their instance, some at a time, and has those done whose
/// instance has come; those whose time is over are kept. How many are settled; one that cannot be
/// is logged, waits on and holds up no other. Errors: those of the store.
[[nodiscard]] Result<std::size_t> settle_waiting(const Services& services, Runtime& runtime,
                                                 Instant now, const Log& log);

/// A kept message as the API shows it.
[[nodiscard]] boost::json::object received_json(const Record& record);

}  // namespace sillage::server
