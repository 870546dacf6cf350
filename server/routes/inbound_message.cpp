#include "server/routes/inbound_message.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/json.hpp"
#include "server/auth/stored_account.hpp"
#include "server/hooks/base64.hpp"
#include "server/hooks/mapping.hpp"
#include "server/http/problem.hpp"
#include "server/http/text.hpp"
#include "server/routes/members.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Messages that wait for their instance: `[{"id", "source", "workflow", "key", "until"}]`.
constexpr std::string_view waiting_setting = "inbound_waiting";
/// Messages whose instance one look looks for, and those that it settles: some milliseconds of the
/// engine's thread.
constexpr std::size_t looked_at_once = 200;
constexpr std::size_t settled_at_once = 20;

/// What became of a message.
struct Fate {
    /// `taken`, `refused`, `waiting`, `unmapped`
    std::string outcome = {};
    std::string reason = {};
    std::string instance = {};
    std::uint64_t sequence = 0;
    /// Of one that waits: that of the instance it waits for.
    std::string key = {};
};

constexpr std::string_view as_base64 = "base64";

/// A body as it came; one that no record can hold, as it is not UTF-8, in base64.
void put_payload(json::object& kept, const std::string& body) {
    const bool is_text = is_utf8(body);
    kept["payload"] = is_text ? body : to_base64(body);
    kept["payload_encoding"] = is_text ? std::string_view("text") : as_base64;
}

/// Errors: corrupt.
Result<std::string> payload_in(const json::object& kept) {
    std::string payload = text_of(kept, "payload");
    if (text_of(kept, "payload_encoding") != as_base64) {
        return payload;
    }
    auto bytes = from_base64(payload);
    if (!bytes) {
        return Error{.code = ErrorCode::corrupt, .message = "A kept payload is not base64."};
    }
    return *std::move(bytes);
}

bool is_of_storage(const Error& error) {
    const Status status = problem_of(error).status;
    return status == Status::internal_error || status == Status::unavailable;
}

/// The instance's id; empty: there is none with that key yet.
Result<std::string> instance_of(Reader& reader, const Record& source, const Mapped& mapped) {
    if (mapped.key.empty()) {
        return mapped.instance;
    }
    SILLAGE_TRY(const auto found,
                reader.view().instance_by_key(text_of(source.body, "workflow"), mapped.key));
    return found ? found->id : std::string();
}

/// As the source's account, by the same rules as if it had asked itself.
Result<Fate> act(const InboundMessage& message, Work& work, const Mapped& mapped,
                 const std::string& instance) {
    Fate fate{.instance = instance};
    SILLAGE_TRY(const auto account, account_with_id(work, text_of(message.source.body, "account")));
    if (!account) {
        fate.outcome = "refused";
        fate.reason = "The source's account is no more.";
        return fate;
    }
    const Visit visit{
        .services = message.services, .request = message.request, .account = *account};
    const auto submitted = [&]() -> Result<Receipt> {
        SILLAGE_TRY(const auto loaded,
                    open_instance(visit, work, instance, Permission::act_on_instance));
        const std::string& cluster = message.source.cluster;
        if (!cluster.empty() && loaded.record->cluster != cluster) {
            return no_such("instance", instance);
        }
        Call call = call_for(visit, loaded);
        call.idempotency_key = message.id;
        return work.submit(loaded, {.event = mapped.event, .data = mapped.data}, call);
    };
    const Result<Receipt> receipt = submitted();
    if (receipt) {
        fate.outcome = "taken";
        fate.sequence = receipt.value().after.record->sequence;
        return fate;
    }
    if (is_of_storage(receipt.error())) {
        return receipt.error();
    }
    const Error& error = receipt.error();
    fate.outcome = error.code == ErrorCode::not_found ? "unmapped" : "refused";
    fate.reason = error.reasons.empty() ? error.message : error.reasons.front().message;
    return fate;
}

/// The event that the message means, or why it means none.
Result<Mapped> meaning_of(const InboundMessage& message) {
    SILLAGE_TRY(const auto payload, parse_json(message.body));
    return map_payload(message.source.body.at("mapping").as_object(), payload);
}

/// `until`: how long it may wait for its instance.
Result<Fate> decide(const InboundMessage& message, Work& work, Instant until) {
    const Result<Mapped> mapped = meaning_of(message);
    if (!mapped) {
        return Fate{.outcome = "unmapped", .reason = mapped.error().message};
    }
    SILLAGE_TRY(const auto instance, instance_of(work, message.source, mapped.value()));
    if (!instance.empty()) {
        return act(message, work, mapped.value(), instance);
    }
    return Fate{.outcome = message.request.now < until ? "waiting" : "unmapped",
                .reason = "No instance has the key " + mapped.value().key.substr(0, 64) + ".",
                .key = mapped.value().key};
}

Result<json::array> waiting_in(ReadView& view) {
    SILLAGE_TRY(const auto text, view.setting(waiting_setting));
    if (!text || text->empty()) {
        return json::array();
    }
    SILLAGE_TRY(const auto waiting, parse_json(*text));
    return waiting.is_array() ? waiting.get_array() : json::array();
}

Result<void> put_waiting(Work& work, const json::array& waiting) {
    return work.transaction().set(waiting_setting, to_json_text(waiting));
}

/// Notes that a kept message waits; where too many do, it is kept as unmapped.
Result<void> let_wait(Work& work, const Record& kept, const Record& source, Fate& fate) {
    SILLAGE_TRY(auto waiting, waiting_in(work.view()));
    const auto own = std::ranges::count_if(waiting, [&](const json::value& one) {
        return text_of(one.as_object(), "source") == source.id;
    });
    if (waiting.size() >= waiting_max || std::cmp_greater_equal(own, waiting_of_source_max)) {
        fate.outcome = "unmapped";
        fate.reason += " Too many messages wait already.";
        return success();
    }
    waiting.push_back(json::object{{"id", kept.id},
                                   {"source", source.id},
                                   {"workflow", text_of(source.body, "workflow")},
                                   {"key", fate.key},
                                   {"until", kept.body.at("until")}});
    return put_waiting(work, waiting);
}

void note(json::object& body, const Fate& fate, Instant now) {
    body["outcome"] = fate.outcome;
    // Words about a payload may quote it, cut within a letter.
    body["reason"] = to_utf8(fate.reason);
    body["instance"] = fate.instance.empty() ? json::value(nullptr) : json::value(fate.instance);
    body["sequence"] = fate.sequence == 0 ? json::value(nullptr) : json::value(fate.sequence);
    body["settled_at"] =
        fate.outcome == "waiting" ? json::value(nullptr) : json::value(to_string(now));
}

Instant end_of_waiting(const InboundMessage& message) {
    const std::int64_t seconds = message.source.body.at("wait_s").as_int64();
    return message.request.now + Duration{seconds * 1000};
}

/// Its line, when it was not taken; its id, or empty.
Result<std::string> keep(const InboundMessage& message, Work& work, Fate& fate) {
    if (fate.outcome == "taken") {
        return std::string();
    }
    const Instant now = message.request.now;
    Record kept{.kind = RecordKind::received,
                .id = message.services.new_id<ReceivedTag>(now).value,
                .cluster = message.source.cluster,
                .body = {{"source", message.source.id},
                         {"message", message.id},
                         {"received_at", to_string(now)},
                         {"until", to_string(end_of_waiting(message))}},
                .at = now};
    put_payload(kept.body, message.body);
    if (fate.outcome == "waiting") {
        SILLAGE_TRY(let_wait(work, kept, message.source, fate));
    }
    note(kept.body, fate, now);
    SILLAGE_TRY(const auto stored, work.put_record(std::move(kept)));
    return stored.id;
}

json::object fate_json(const Fate& fate, const std::string& kept) {
    json::object out;
    out.emplace("outcome", fate.outcome);
    out.emplace("instance",
                fate.instance.empty() ? json::value(nullptr) : json::value(fate.instance));
    out.emplace("sequence", fate.sequence == 0 ? json::value(nullptr) : json::value(fate.sequence));
    out.emplace("received", kept.empty() ? json::value(nullptr) : json::value(kept));
    return out;
}

/// Tries a kept message once more and writes down what became of it.
Result<Fate> try_again(const InboundMessage& message, Work& work, Record kept) {
    SILLAGE_TRY(const Instant until, parse_instant(text_of(kept.body, "until")));
    SILLAGE_TRY(Fate fate, decide(message, work, until));
    if (fate.outcome == "waiting" && text_of(kept.body, "outcome") != "waiting") {
        SILLAGE_TRY(let_wait(work, kept, message.source, fate));
    }
    note(kept.body, fate, message.request.now);
    kept.at = message.request.now;
    SILLAGE_TRY(work.put_record(std::move(kept)));
    return fate;
}

Result<InboundMessage> message_of(const Services& services, const Request& request,
                                  const Record& source, const Record& kept) {
    SILLAGE_TRY(std::string body, payload_in(kept.body));
    return InboundMessage{.services = services,
                          .request = request,
                          .source = source,
                          .id = text_of(kept.body, "message"),
                          .body = std::move(body)};
}

/// Nobody waits for it any more.
Result<void> give_up(Work& work, Record kept, Instant now) {
    note(kept.body, {.outcome = "unmapped", .reason = "The source was deleted."}, now);
    kept.at = now;
    SILLAGE_TRY(work.put_record(std::move(kept)));
    return success();
}

/// Whether its instance has come, or its time is over.
Result<bool> is_ripe(Reader& reader, const json::object& waiting, Instant now) {
    SILLAGE_TRY(const Instant until, parse_instant(text_of(waiting, "until")));
    SILLAGE_TRY(const auto found, reader.view().instance_by_key(text_of(waiting, "workflow"),
                                                                text_of(waiting, "key")));
    return found.has_value() || until <= now;
}

/// One that waits; whether it is settled.
Result<bool> settle(const Services& services, Work& work, const std::string& id, Instant now) {
    SILLAGE_TRY(const auto kept, work.view().record(RecordKind::received, id, std::nullopt));
    if (!kept || text_of(kept->body, "outcome") != "waiting") {
        return true;
    }
    SILLAGE_TRY(const auto source, work.record(RecordKind::source, text_of(kept->body, "source")));
    if (!source.body.at("deleted_at").is_null()) {
        SILLAGE_TRY(give_up(work, *kept, now));
        return true;
    }
    const Request request{.now = now};
    SILLAGE_TRY(const InboundMessage message, message_of(services, request, source, *kept));
    SILLAGE_TRY(const Fate fate, try_again(message, work, *kept));
    return fate.outcome != "waiting";
}

/// Whose turn it is and who is ripe, as they stand in the list.
Result<std::vector<std::string>> ripe_ones(Reader& reader, Instant now) {
    SILLAGE_TRY(const auto waiting, waiting_in(reader.view()));
    // Each look goes on where the one of the second before has ended.
    const std::size_t turn = static_cast<std::size_t>(now.milliseconds / 1000) * looked_at_once;
    std::vector<std::string> ripe;
    for (std::size_t index = 0; index < std::min(waiting.size(), looked_at_once); ++index) {
        const json::object& one = waiting[(turn + index) % waiting.size()].as_object();
        SILLAGE_TRY(const bool is_due, is_ripe(reader, one, now));
        if (is_due) {
            ripe.push_back(text_of(one, "id"));
        }
    }
    return ripe;
}

/// Off the list of those that wait.
Result<void> take_off(Runtime& runtime, const std::vector<std::string>& settled) {
    if (settled.empty()) {
        return success();
    }
    const auto left = [&](Work& work) -> Result<void> {
        SILLAGE_TRY(auto waiting, waiting_in(work.view()));
        const auto* const rest =
            std::ranges::remove_if(waiting, [&](const json::value& one) {
                return std::ranges::find(settled, text_of(one.as_object(), "id")) != settled.end();
            }).begin();
        waiting.erase(rest, waiting.end());
        return put_waiting(work, waiting);
    };
    std::optional<Error> failure;
    SILLAGE_TRY(runtime.perform(std::nullopt, [&](Work& work) {
        const Result<void> done = left(work);
        if (!done) {
            failure = done.error();
        }
        return Answer{.status = done ? 200 : 500};
    }));
    return failure ? Result<void>(*failure) : success();
}

}  // namespace

Answer receive(const InboundMessage& message, Work& work) {
    const auto received = [&]() -> Result<Answer> {
        SILLAGE_TRY(Fate fate, decide(message, work, end_of_waiting(message)));
        SILLAGE_TRY(const std::string kept, keep(message, work, fate));
        const Status status = kept.empty() ? Status::ok : Status::accepted;
        return to_answer(json_response(status, fate_json(fate, kept)));
    };
    const Result<Answer> answer = received();
    return answer ? answer.value() : to_answer(problem(answer.error()));
}

Result<Response> receive_again(const Visit& visit, Work& work, Record kept) {
    SILLAGE_TRY(const auto source, work.record(RecordKind::source, text_of(kept.body, "source")));
    SILLAGE_TRY(const InboundMessage message,
                message_of(visit.services, visit.request, source, kept));
    const std::string id = kept.id;
    SILLAGE_TRY(const Fate fate, try_again(message, work, std::move(kept)));
    return json_response(Status::ok, fate_json(fate, id));
}

Result<std::size_t> settle_waiting(const Services& services, Runtime& runtime, Instant now,
                                   const Log& log) {
    SILLAGE_TRY(const auto ripe,
                runtime.read([&](Reader& reader) { return ripe_ones(reader, now); }));
    std::vector<std::string> settled;
    for (const std::string& id : ripe) {
        if (settled.size() == settled_at_once) {
            break;
        }
        bool is_settled = false;
        std::optional<Error> failure;
        SILLAGE_TRY(runtime.perform(std::nullopt, [&](Work& work) {
            const Result<bool> one = settle(services, work, id, now);
            if (!one) {
                failure = one.error();
                return Answer{.status = 500};
            }
            is_settled = one.value();
            return Answer{};
        }));
        if (failure) {
            log("inbound_not_settled", {{"received", id}, {"code", name_of(failure->code)}});
            if (failure->code == ErrorCode::storage_failed) {
                return *failure;
            }
        } else if (is_settled) {
            settled.push_back(id);
        }
    }
    SILLAGE_TRY(take_off(runtime, settled));
    return settled.size();
}

json::object received_json(const Record& record) {
    json::object out;
    out.emplace("id", record.id);
    for (const auto* name : {"source", "message", "outcome", "reason", "instance", "sequence",
                             "payload", "payload_encoding", "received_at", "until", "settled_at"}) {
        out.emplace(name, record.body.at(name));
    }
    return out;
}

}  // namespace sillage::server
