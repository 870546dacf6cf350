#include "engine/interpreter/detail/send.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/interpreter/detail/invoke.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/model/index.hpp"

namespace sillage {
namespace {

Error failed(std::string message) {
    return {.code = ErrorCode::expression_failed, .message = std::move(message)};
}

/// The id that is written, or one made up and told to `idlocation`.
Result<std::string> id_of(Machine& machine, const Moment& moment, const SendAction& action) {
    if (action.id_location.empty()) {
        return name_from(moment, action.id);
    }
    std::string id = fmt::format("send.{}", machine.snapshot.next_made_id++);
    Assign told;
    told.items.push_back({.path = action.id_location, .value = {boost::json::value(id)}});
    complete_item(machine.definition, told.items.front());
    SILLAGE_TRY(assign(machine, moment, told));
    return id;
}

/// Source: SCXML 6.2.4 and C.1: another type, or a target that is no address, is an error.
Result<void> check_address(const std::string& type, const std::string& to) {
    constexpr std::array<std::string_view, 3> types = {"scxml", scxml_processor,
                                                       "http://www.w3.org/TR/scxml/"};
    if (!type.empty() && std::ranges::find(types, type) == types.end()) {
        return failed(fmt::format("There is no event processor \"{}\".", type));
    }
    if (!to.empty() && !to.starts_with("#_")) {
        return failed(fmt::format("\"{}\" is no target: it begins with #_.", to));
    }
    return success();
}

}  // namespace

Result<std::string> name_from(const Moment& moment, const ValueTemplate& value) {
    SILLAGE_TRY(const auto json, fill(moment, value));
    if (json.is_null()) {
        return std::string();
    }
    if (const auto* text = json.if_string()) {
        return std::string(*text);
    }
    if (const auto* number = json.if_int64()) {
        return std::to_string(*number);
    }
    return failed("An id must be text or an integer.");
}

Result<void> send(Machine& machine, const Moment& moment, const SendAction& action,
                  std::string& send_id) {
    const bool is_scxml = machine.definition.dialect == Dialect::scxml;
    SILLAGE_TRY(send_id, id_of(machine, moment, action));
    SILLAGE_TRY(auto data, fill(moment, action.data));
    SILLAGE_TRY(const auto event, name_from(moment, action.event));
    SILLAGE_TRY(auto to, name_from(moment, action.to));
    if (is_scxml) {
        SILLAGE_TRY(const auto type, name_from(moment, action.type));
        to = to == "_internal" ? "#_internal" : to;
        SILLAGE_TRY(check_address(type, to));
    }
    if (is_scxml && to == "#_internal") {
        raise(machine, event, std::move(data), {.type = EventType::internal, .send_id = send_id});
        return success();
    }
    if (action.after) {
        SILLAGE_TRY(const auto due, due_after(moment, machine.input.now, *action.after));
        start_timer(machine,
                    {.kind = TimerKind::send,
                     .state = root_state,
                     .event = event,
                     .due = due,
                     .sent = sent_with(
                         {.data = std::move(data), .send_id = send_id, .to = std::move(to)})});
        return success();
    }
    post(machine,
         Send{.event = event, .data = std::move(data), .to = std::move(to), .send_id = send_id});
    return success();
}

}  // namespace sillage
