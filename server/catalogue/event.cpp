#include "server/catalogue/event.hpp"

#include <fmt/format.h>

#include "engine/outbox/message.hpp"
#include "server/catalogue/event_types.hpp"
#include "server/catalogue/told.hpp"

namespace sillage::server {
namespace {

/// Of the entry's hash: a log that was restored from a backup goes on with other entries in the
/// places of those that it has lost.
constexpr std::size_t id_hash_digits = 8;

std::string source_of(const Birth& subject) {
    if (subject.cluster.empty()) {
        return "/network";
    }
    const std::string cluster = "/clusters/" + subject.cluster;
    return subject.cohort.empty() ? cluster : cluster + "/cohorts/" + subject.cohort;
}

/// The attributes that an event has, in the order of the specification.
std::vector<std::pair<std::string_view, std::string>> attributes_of(const CloudEvent& event) {
    std::vector<std::pair<std::string_view, std::string>> attributes{
        {"specversion", "1.0"}, {"id", event.id},           {"source", event.source},
        {"type", event.type},   {"subject", event.subject}, {"time", to_string(event.time)}};
    if (!event.dataschema.empty()) {
        attributes.emplace_back("dataschema", event.dataschema);
    }
    if (!event.sequence.empty()) {
        attributes.emplace_back("sequence", event.sequence);
    }
    if (!event.traceparent.empty()) {
        attributes.emplace_back("traceparent", event.traceparent);
    }
    return attributes;
}

/// Blanks, quotes, percent signs and whatever is not visible ASCII.
std::string header_value(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool stands = c > ' ' && c < '\x7f' && c != '"' && c != '%';
        out += stands ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

std::vector<CloudEvent> events_for(const LogPiece& piece, const Addressee& addressee,
                                   std::string_view base_url) {
    const LogReader reader{.call = addressee.call,
                           .with_effects = addressee.with_effects,
                           .with_sheets = addressee.with_sheets};
    // As in the history: what others' requests were part of is not for outsiders.
    const bool is_traced = addressee.call.audience != Audience::outside;
    std::vector<CloudEvent> events;
    std::size_t number = 0;
    for (Message& message : messages_of(*piece.definition, piece.subject, piece.entry)) {
        ++number;
        std::string type = message.type;
        auto data = told_message(*piece.definition, piece.entry, std::move(message), reader);
        if (!data) {
            continue;
        }
        events.push_back(CloudEvent{.id = fmt::format("evt_{}_{}_{}", piece.entry.position, number,
                                                      piece.entry.hash.substr(0, id_hash_digits)),
                                    .source = source_of(piece.subject),
                                    .subject = piece.entry.instance,
                                    .time = piece.entry.at,
                                    .dataschema = schema_url(type, base_url),
                                    .sequence = std::to_string(piece.entry.sequence),
                                    .traceparent = is_traced ? piece.entry.trace : std::string(),
                                    .data = *std::move(data)});
        events.back().type = std::move(type);
    }
    return events;
}

boost::json::object to_json(const CloudEvent& event) {
    boost::json::object out;
    for (auto& [name, value] : attributes_of(event)) {
        out.emplace(name, std::move(value));
    }
    out.emplace("datacontenttype", "application/json");
    out.emplace("data", event.data);
    return out;
}

std::vector<std::pair<std::string, std::string>> binary_fields(const CloudEvent& event) {
    std::vector<std::pair<std::string, std::string>> fields;
    for (const auto& [name, value] : attributes_of(event)) {
        fields.emplace_back("ce-" + std::string(name), header_value(value));
    }
    return fields;
}

}  // namespace sillage::server
