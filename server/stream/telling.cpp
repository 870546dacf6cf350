#include "server/stream/telling.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "server/catalogue/event.hpp"
#include "server/catalogue/told.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

}  // namespace

json::object stream_data(const LogPiece& piece, const Addressee& addressee,
                         std::string_view base_url, std::string_view type) {
    const LogReader reader{.call = addressee.call, .with_sheets = addressee.with_sheets};
    json::array events;
    json::value first = nullptr;
    for (const CloudEvent& event : events_for(piece, addressee, base_url)) {
        if (type.empty() || event.type == type) {
            first = first.is_null() ? json::value(event.type) : first;
            events.push_back(to_json(event));
        }
    }
    json::object told = entry_json(*piece.definition, piece.entry, reader);
    json::object out;
    out.emplace("position", piece.entry.position);
    out.emplace("type", std::move(first));
    out.emplace("instance", piece.entry.instance);
    out.emplace("workflow", piece.subject.workflow);
    out.emplace("version", piece.subject.version);
    out.emplace("cluster", text_or_null(piece.subject.cluster));
    out.emplace("company", text_or_null(piece.subject.company));
    out.emplace("cohort", text_or_null(piece.subject.cohort));
    out.emplace("key", text_or_null(piece.subject.key));
    for (const char* member : {"sequence", "at", "actor", "event", "from", "to", "hash"}) {
        out.emplace(member, std::move(told.at(member)));
    }
    out.emplace("events", std::move(events));
    return out;
}

std::string stream_message(std::uint64_t id, std::string_view event, const json::object& data) {
    const std::string kind = event.empty() ? std::string() : fmt::format("event: {}\n", event);
    return fmt::format("id: {}\n{}data: {}\n\n", id, kind, to_json_text(data));
}

SharedText Telling::text_for(const StreamRequest& asked) {
    if (!admits(asked.filter, piece_)) {
        return nullptr;
    }
    const auto known = audiences_.find(asked.account);
    if (known != audiences_.end() && known->second.empty()) {
        return nullptr;
    }
    std::optional<Addressee> addressee;
    if (known == audiences_.end()) {
        addressee = addressee_of(piece_, *asked.account);
        audiences_.emplace(asked.account,
                           addressee ? audience_key(piece_, *addressee) : std::string());
        if (!addressee) {
            return nullptr;
        }
    }
    const std::string& audience = audiences_.at(asked.account);
    const auto [text, is_new] = texts_.try_emplace({audience, asked.filter.type});
    if (is_new) {
        if (!addressee) {
            addressee = addressee_of(piece_, *asked.account);
        }
        json::object data = stream_data(piece_, *addressee, url_, asked.filter.type);
        if (asked.filter.type.empty() || !data.at("events").as_array().empty()) {
            text->second = std::make_shared<const std::string>(
                stream_message(piece_.entry.position, "", data));
        }
    }
    return text->second;
}

}  // namespace sillage::server
