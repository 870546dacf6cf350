#include "engine/store/entry_json.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "engine/base/hash.hpp"
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

json::array strings(const std::vector<std::string>& texts, const json::storage_ptr& memory) {
    return json::array(texts.begin(), texts.end(), memory);
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

json::object actor_json(const Actor& actor, const json::storage_ptr& memory) {
    json::object object({{"id", actor.id}, {"roles", strings(actor.roles, memory)}}, memory);
    if (actor.on_behalf_of) {
        const Behalf& behalf = *actor.on_behalf_of;
        object["on_behalf_of"] = json::object{
            {"id", behalf.id}, {"delegation", behalf.delegation}, {"reason", behalf.reason}};
    }
    return object;
}

Actor actor_from(const json::object& object, JsonReader& reader) {
    Actor actor{.id = reader.text(object, "id"), .roles = reader.texts(object, "roles")};
    if (object.contains("on_behalf_of")) {
        const json::object& behalf = reader.object(object, "on_behalf_of");
        actor.on_behalf_of = Behalf{.id = reader.text(behalf, "id"),
                                    .delegation = reader.text(behalf, "delegation"),
                                    .reason = reader.text(behalf, "reason")};
    }
    return actor;
}

json::value birth_json(const std::optional<Birth>& birth, const json::storage_ptr& memory) {
    if (!birth) {
        return nullptr;
    }
    json::object object({{"workflow", birth->workflow},
                         {"version", birth->version},
                         {"company", birth->company},
                         {"cohort", birth->cohort},
                         {"cluster", birth->cluster},
                         {"key", birth->key},
                         {"parent", nullptr},
                         {"ancestors", strings(birth->ancestors, memory)},
                         {"fragment", birth->fragment},
                         {"document", birth->document}},
                        memory);
    if (birth->parent) {
        object["parent"] = json::object{{"instance", birth->parent->instance},
                                        {"invoke_id", birth->parent->invoke_id},
                                        {"serial", birth->parent->serial}};
    }
    return object;
}

std::optional<Birth> birth_from(const json::value& value, JsonReader& reader) {
    if (value.is_null()) {
        return std::nullopt;
    }
    const json::object& object = reader.object(value);
    Birth birth{.workflow = reader.text(object, "workflow"),
                .version = reader.integer(object, "version"),
                .company = reader.text(object, "company"),
                .cohort = reader.text(object, "cohort"),
                .cluster = reader.text(object, "cluster"),
                .key = reader.text(object, "key"),
                .ancestors = reader.texts(object, "ancestors"),
                .fragment = reader.text(object, "fragment"),
                .document = reader.text(object, "document")};
    const json::value& parent = reader.member(object, "parent");
    if (!parent.is_null()) {
        const json::object& link = reader.object(parent);
        birth.parent = ParentLink{.instance = reader.text(link, "instance"),
                                  .invoke_id = reader.text(link, "invoke_id"),
                                  .serial = reader.unsigned_integer(link, "serial")};
    }
    return birth;
}

}  // namespace

std::string entry_text(const Entry& entry) {
    JsonScratch scratch;
    const json::storage_ptr memory = scratch.memory();
    json::object object({{"instance", entry.instance},
                         {"sequence", entry.sequence},
                         {"at", entry.at.milliseconds},
                         {"actor", actor_json(entry.actor, memory)},
                         {"event", entry.event},
                         {"origin", name_of_origin(entry.origin)},
                         {"timer", entry.timer},
                         {"child", entry.child},
                         {"send_id", entry.send_id},
                         {"sender", entry.sender},
                         {"definition_hash", entry.definition_hash},
                         {"company_revision", entry.company_revision},
                         {"cohort_revision", entry.cohort_revision},
                         {"idempotency_key", entry.idempotency_key},
                         {"birth", birth_json(entry.birth, memory)},
                         {"from", strings(entry.from, memory)},
                         {"to", strings(entry.to, memory)},
                         {"after_hash", entry.after_hash},
                         {"previous_hash", entry.previous_hash},
                         {"payload_hash", entry.payload_hash}},
                        memory);
    if (!entry.trace.empty()) {  // few have one, and logs from before it have none
        object.emplace("trace", entry.trace);
    }
    return to_json_text(object);
}

std::string payload_text(const Entry& entry) {
    return payload_text(entry.data, entry.taken, entry.effects);
}

std::string payload_text(const json::value& data, json::array taken, json::array effects) {
    json::storage_ptr memory = taken.storage();
    return to_json_text(
        json::object({{"data", data}, {"taken", std::move(taken)}, {"effects", std::move(effects)}},
                     std::move(memory)));
}

Result<Entry> stored_entry(const InstanceWrite& write) {
    SILLAGE_TRY(Entry entry, entry_from_text(write.body, write.payload));
    entry.position = write.entry.position;
    entry.salt = write.entry.salt;
    entry.hash = write.entry.hash;
    return entry;
}

std::string chain_hash(std::string_view before, std::string_view entry_hash) {
    return sha256_hex(std::string(before).append(entry_hash));
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

Result<Entry> entry_from_text(std::string_view text, std::string_view payload) {
    SILLAGE_TRY(const json::object object, stored_object(text));
    JsonReader reader;
    Entry entry{
        .instance = reader.text(object, "instance"),
        .sequence = reader.unsigned_integer(object, "sequence"),
        .at = Instant{reader.integer(object, "at")},
        .actor = actor_from(reader.object(object, "actor"), reader),
        .event = reader.text(object, "event"),
        .origin = origin_from(reader.text(object, "origin"), reader),
        .timer = reader.unsigned_integer(object, "timer"),
        .child = reader.unsigned_integer(object, "child"),
        .send_id = reader.text(object, "send_id"),
        .sender = reader.text(object, "sender"),
        .definition_hash = reader.text(object, "definition_hash"),
        .company_revision = reader.unsigned_integer(object, "company_revision"),
        .cohort_revision = reader.unsigned_integer(object, "cohort_revision"),
        .idempotency_key = reader.text(object, "idempotency_key"),
        .birth = birth_from(reader.member(object, "birth"), reader),
        .from = reader.texts(object, "from"),
        .to = reader.texts(object, "to"),
        .after_hash = reader.text(object, "after_hash"),
        .previous_hash = reader.text(object, "previous_hash"),
        .payload_hash = reader.text(object, "payload_hash"),
    };
    if (object.contains("trace")) {
        entry.trace = reader.text(object, "trace");
    }
    if (!payload.empty()) {
        SILLAGE_TRY(const json::object parts, stored_object(payload));
        entry.data = reader.member(parts, "data");
        entry.taken = reader.array(parts, "taken");
        entry.effects = reader.array(parts, "effects");
    }
    SILLAGE_TRY(reader.verdict("a log entry"));
    return entry;
}

}  // namespace sillage
