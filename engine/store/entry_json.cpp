#include "engine/store/entry_json.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/store/json_reader.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<EventOrigin, std::string_view>, 7> origin_names{
    {{EventOrigin::account, "account"},
     {EventOrigin::timer, "timer"},
     {EventOrigin::queue, "queue"},
     {EventOrigin::engine, "engine"},
     {EventOrigin::child, "child"},
     {EventOrigin::parent, "parent"},
     {EventOrigin::peer, "peer"}}};

std::string_view name_of_origin(EventOrigin origin) {
    return origin_names[static_cast<std::size_t>(origin)].second;
}

json::array strings(const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
}

EventOrigin origin_from(std::string_view name, JsonReader& reader) {
    for (const auto& [origin, known] : origin_names) {
        if (name == known) {
            return origin;
        }
    }
    reader.complain(fmt::format("the origin \"{}\" is unknown", name));
    return EventOrigin::account;
}

}  // namespace

std::string entry_text(const Entry& entry) {
    return to_json_text(json::object{
        {"instance", entry.instance},
        {"sequence", entry.sequence},
        {"at", entry.at.milliseconds},
        {"actor", {{"id", entry.actor.id}, {"roles", strings(entry.actor.roles)}}},
        {"event", entry.event},
        {"origin", name_of_origin(entry.origin)},
        {"timer", entry.timer},
        {"child", entry.child},
        {"send_id", entry.send_id},
        {"sender", entry.sender},
        {"data", entry.data},
        {"definition_hash", entry.definition_hash},
        {"company_revision", entry.company_revision},
        {"cohort_revision", entry.cohort_revision},
        {"idempotency_key", entry.idempotency_key},
        {"from", strings(entry.from)},
        {"to", strings(entry.to)},
        {"taken", entry.taken},
        {"effects", entry.effects},
        {"after_hash", entry.after_hash},
        {"previous_hash", entry.previous_hash},
    });
}

Result<json::object> stored_object(std::string_view text) {
    Result<json::value> value = parse_json(text, stored_depth_max);
    if (!value) {
        return Error{.code = ErrorCode::corrupt,
                     .message = "What was stored is not JSON: " + value.error().message};
    }
    if (!value.value().is_object()) {
        return Error{.code = ErrorCode::corrupt, .message = "What was stored is no JSON object."};
    }
    return std::move(value.value().get_object());
}

Result<Entry> entry_from_text(std::string_view text) {
    SILLAGE_TRY(const json::object object, stored_object(text));
    JsonReader reader;
    const json::object& actor = reader.object(reader.member(object, "actor"));
    Entry entry{
        .instance = reader.text(object, "instance"),
        .sequence = reader.unsigned_integer(object, "sequence"),
        .at = Instant{reader.integer(object, "at")},
        .actor = {.id = reader.text(actor, "id"), .roles = reader.texts(actor, "roles")},
        .event = reader.text(object, "event"),
        .origin = origin_from(reader.text(object, "origin"), reader),
        .timer = reader.unsigned_integer(object, "timer"),
        .child = reader.unsigned_integer(object, "child"),
        .send_id = reader.text(object, "send_id"),
        .sender = reader.text(object, "sender"),
        .data = reader.member(object, "data"),
        .definition_hash = reader.text(object, "definition_hash"),
        .company_revision = reader.unsigned_integer(object, "company_revision"),
        .cohort_revision = reader.unsigned_integer(object, "cohort_revision"),
        .idempotency_key = reader.text(object, "idempotency_key"),
        .from = reader.texts(object, "from"),
        .to = reader.texts(object, "to"),
        .taken = reader.array(object, "taken"),
        .effects = reader.array(object, "effects"),
        .after_hash = reader.text(object, "after_hash"),
        .previous_hash = reader.text(object, "previous_hash"),
    };
    SILLAGE_TRY(reader.verdict("a log entry"));
    return entry;
}

}  // namespace sillage
