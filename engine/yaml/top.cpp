#include "engine/yaml/detail/top.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/calendar/calendar.hpp"
#include "engine/yaml/detail/expressions.hpp"
#include "engine/yaml/detail/fields.hpp"

namespace sillage {
namespace {

const KeyList& rights() {
    static const KeyList names = {"admin",     "manager", "mentor",     "company",
                                  "evaluator", "auditor", "integration"};
    return names;
}

constexpr std::array<std::string_view, 7> weekdays = {"mon", "tue", "wed", "thu",
                                                      "fri", "sat", "sun"};

void read_name_and_version(Reading& reading, const Node& top) {
    const Node* name = top.find("workflow");
    const Node* version = top.find("version");
    if (name == nullptr) {
        reading.error(top, "missing-key", "a workflow needs a name: workflow: export-readiness");
    } else if (const auto word = read_word(reading, *name, "workflow")) {
        reading.definition.name = *word;
        if (!is_event_name(*word)) {
            reading.error(*name, "name",
                          fmt::format("{} is not the name of a workflow: letters, digits, _ and -, "
                                      "not beginning with a digit",
                                      quoted(*word)));
        }
    }
    if (version == nullptr) {
        reading.error(top, "missing-key", "a workflow needs a version: version: 1");
    } else {
        reading.definition.version = read_integer(reading, *version, "version", 1).value_or(1);
    }
    if (top.find("states") == nullptr) {
        reading.error(top, "missing-key", "a workflow needs states");
    }
}

void read_weekend(Reading& reading, const Node& node) {
    if (!expect(reading, node, NodeKind::list, "weekend is a list of days, [sat, sun]")) {
        return;
    }
    auto& weekend = reading.definition.calendar.weekend;
    weekend.fill(false);
    for (const NodePtr& item : node.items) {
        const auto word = read_word(reading, *item, "a day of the week");
        const auto found = word ? std::ranges::find(weekdays, *word) : weekdays.end();
        if (found != weekdays.end()) {
            weekend[static_cast<std::size_t>(found - weekdays.begin())] = true;
        } else if (word) {
            reading.error(*item, "unknown-word",
                          fmt::format("{} is no day of the week{}", quoted(*word),
                                      suggest(*word, KeyList(weekdays.begin(), weekdays.end()))));
        }
    }
    if (std::ranges::find(weekend, false) == weekend.end()) {
        reading.error(node, "weekend", "each day is a weekend; no working day would ever come");
    }
}

void read_holidays(Reading& reading, const Node& node) {
    if (!expect(reading, node, NodeKind::list, "holidays is a list of dates, [2027-05-01]")) {
        return;
    }
    auto& holidays = reading.definition.calendar.holidays;
    for (const NodePtr& item : node.items) {
        const auto word = read_word(reading, *item, "a date");
        if (!word) {
            continue;
        }
        const auto date = parse_date(*word);
        if (date) {
            holidays.push_back(date.value());
        } else {
            reading.error(*item, "date", date.error().message);
        }
    }
    std::ranges::sort(holidays);
}

void read_calendar(Reading& reading, const Node& top) {
    WorkCalendar& calendar = reading.definition.calendar;
    const Node* zone_node = top.find("timezone");
    if (zone_node != nullptr) {
        calendar.timezone = read_word(reading, *zone_node, "timezone").value_or("UTC");
    }
    auto zone = load_zone(calendar.timezone);
    if (zone) {
        calendar.zone = std::move(zone).value();
    } else {
        reading.error(zone_node == nullptr ? top : *zone_node, "timezone", zone.error().message);
    }
    const Node* node = top.find("calendar");
    if (node == nullptr ||
        !expect(reading, *node, NodeKind::map, "calendar is a mapping, { weekend: [sat, sun] }")) {
        return;
    }
    check_keys(reading, *node, {"weekend", "holidays"}, "calendar");
    if (const Node* weekend = node->find("weekend")) {
        read_weekend(reading, *weekend);
    }
    if (const Node* holidays = node->find("holidays")) {
        read_holidays(reading, *holidays);
    }
}

/// What a role may do through the API: as it says, or as its name says.
/// Source: api.md, section 2.
std::string rights_of(Reading& reading, const Node& role, const std::string& name) {
    const Node* written = role.kind == NodeKind::map ? role.find("rights") : nullptr;
    if (written == nullptr) {
        const bool is_one = std::ranges::find(rights(), std::string_view(name)) != rights().end();
        return name == "sme" ? "company" : is_one ? name : "";
    }
    auto word = read_word(reading, *written, "rights").value_or("");
    if (!word.empty() && std::ranges::find(rights(), std::string_view(word)) == rights().end()) {
        reading.error(*written, "unknown-word",
                      fmt::format("{} is not one of the API's rights{}", quoted(word),
                                  suggest(word, rights())));
    }
    return word;
}

void read_declared_roles(Reading& reading, const Node& node) {
    if (!expect(reading, node, NodeKind::map, "roles is a mapping of name to { title: … }")) {
        return;
    }
    for (const Node::Entry& entry : node.entries) {
        check_name(reading, *entry.key, "a role");
        if (entry.key->text == "system") {
            reading.error(*entry.key, "reserved-name",
                          "\"system\" is the engine itself; call a role otherwise");
        }
        const Node& value = *entry.value;
        const bool is_empty = value.kind == NodeKind::null;
        if (!is_empty &&
            expect(reading, value, NodeKind::map, "a role is a mapping, { title: … }")) {
            check_keys(reading, value, {"title", "rights"}, "a role");
        }
        reading.definition.roles.push_back(
            {.name = entry.key->text, .rights = rights_of(reading, value, entry.key->text)});
    }
}

}  // namespace

void read_header(Reading& reading, const Node& top) {
    check_keys(
        reading, top,
        {"workflow", "version", "title", "description", "timezone", "calendar", "roles", "context",
         "initial", "states", "type", "on", "always", "after", "entry", "exit", "meta"},
        "a workflow");
    read_name_and_version(reading, top);
    read_calendar(reading, top);
    if (const Node* roles = top.find("roles")) {
        read_declared_roles(reading, *roles);
    }
    if (const Node* context = top.find("context")) {
        reading.definition.context = read_fields(reading, *context, FieldPlace::context);
    }
    if (const Node* meta = top.find("meta")) {
        reading.definition.meta = to_json(*meta);
    }
}

void read_header_texts(Reading& reading, const Node& top) {
    Definition& definition = reading.definition;
    if (const Node* title = top.find("title")) {
        definition.title = read_text(reading, *title, "title");
    }
    if (const Node* description = top.find("description")) {
        definition.description = read_text(reading, *description, "description");
    }
    if (const Node* context = top.find("context")) {
        read_field_texts(reading, *context, definition.context);
    }
    for (Role& role : definition.roles) {
        const Node* node = top.find("roles")->find(role.name);
        if (const Node* title = node->kind == NodeKind::map ? node->find("title") : nullptr) {
            role.title = read_text(reading, *title, "title");
        }
    }
}

}  // namespace sillage
