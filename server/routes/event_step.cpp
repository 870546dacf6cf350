#include "server/routes/event_step.hpp"

#include "engine/interpreter/status.hpp"
#include "engine/interpreter/step.hpp"
#include "server/catalogue/told.hpp"

namespace sillage::server {

std::vector<sillage::Field> event_members() {
    return {required(text_member("event", event_name_max)), object_member("data")};
}

SubmitCommand submit_command(const boost::json::object& body) {
    SubmitCommand command{.event = text_of(body, "event")};
    if (const boost::json::value* data = body.if_contains("data")) {
        command.data = *data;
    }
    return command;
}

Error shown_refusal(Error error, const Definition& definition, const Call& call) {
    tell_places(error.reasons, definition, call);
    if (call.audience == Audience::outside && is_incident(error)) {
        return Error{.code = error.code, .message = std::string(incident_sentence)};
    }
    if (error.code == ErrorCode::event_refused && !error.reasons.empty()) {
        error.message = error.reasons.front().message;
    }
    return error;
}

}  // namespace sillage::server
