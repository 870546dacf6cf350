#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/calendar/calendar.hpp"
#include "engine/formats/detail/scxml_reading.hpp"

namespace sillage {
namespace {

using ActionNode = decltype(Action::node);

const XmlAttribute& required(const XmlElement& element, std::string_view name) {
    static const XmlAttribute missing;  // has its finding from the vocabulary
    const XmlAttribute* attribute = element.attribute(name);
    return attribute == nullptr ? missing : *attribute;
}

ActionNode read_raise(ScxmlReading& /*reading*/, const XmlElement& element) {
    return Raise{.event = space_normalised(required(element, "event").value)};
}

ActionNode read_assign(ScxmlReading& reading, const XmlElement& element) {
    const XmlAttribute* location = element.attribute("location");
    if (location == nullptr) {
        reading.error(element.offset, "missing-attribute", "<assign> needs the attribute location");
        return FailAction{};
    }
    ValueTemplate value;
    if (const XmlAttribute* expr = element.attribute("expr")) {
        value.node = read_expression(reading, *expr);
    } else {
        value = literal_content(element).value_or(ValueTemplate{});
    }
    auto path = read_location(reading, *location);
    if (!path) {
        return FailAction{
            .message = fmt::format("Nothing can be assigned to {}.", in_message(location->value))};
    }
    return Assign{.items = {{.path = std::move(*path), .value = std::move(value)}}};
}

ActionNode read_log(ScxmlReading& reading, const XmlElement& element) {
    const XmlAttribute* label = element.attribute("label");
    const XmlAttribute* expr = element.attribute("expr");
    if (expr == nullptr) {
        return LogAction{
            .value = {.node = boost::json::value(label == nullptr ? "" : label->value)}};
    }
    Expression value = read_expression(reading, *expr);
    if (label == nullptr || label->value.empty()) {
        return LogAction{.value = {.node = std::move(value)}};
    }
    return LogAction{.value = {.node = TextPieces{label->value + ": ", std::move(value)}}};
}

/// A delay: a CSS time, a duration of ours, or an expression that gives one.
std::optional<Delay> read_delay(ScxmlReading& reading, const XmlElement& element) {
    if (const XmlAttribute* computed = element.attribute("delayexpr")) {
        return read_expression(reading, *computed);
    }
    const XmlAttribute* delay = element.attribute("delay");
    if (delay == nullptr) {
        return std::nullopt;
    }
    if (const auto exact = parse_css_time(delay->value)) {
        return CalendarDuration{.exact = *exact};
    }
    auto duration = parse_duration(delay->value);
    if (!duration) {
        reading.error(delay->value_offset, "duration", duration.error().message);
        return std::nullopt;
    }
    return duration.value();
}

/// A literal type that nothing here knows fails each time it is asked for.
void check_type(ScxmlReading& reading, const XmlElement& element) {
    const XmlAttribute* type = element.attribute("type");
    if (type != nullptr && !is_scxml_processor(type->value)) {
        reading.warning(type->value_offset, "unsupported",
                        fmt::format("no event processor {} is here, so this send always fails; "
                                    "leave type out, or write scxml",
                                    in_message(type->value)));
    }
}

ActionNode read_send(ScxmlReading& reading, const XmlElement& element) {
    check_type(reading, element);
    SendAction send{.event = read_either(reading, element, {"event", "eventexpr"}),
                    .data = read_payload(reading, element),
                    .after = read_delay(reading, element),
                    .id = read_either(reading, element, {"id", ""}),
                    .to = read_either(reading, element, {"target", "targetexpr"}),
                    .type = read_either(reading, element, {"type", "typeexpr"})};
    const XmlAttribute* target = element.attribute("target");
    if (target != nullptr && target->value == "#_internal" && send.after) {
        reading.error(element.offset, "exclusive-attributes",
                      "an event to #_internal is raised at once; it has no delay");
    }
    if (const XmlAttribute* location = element.attribute("idlocation")) {
        auto path = read_location(reading, *location);
        if (!path) {
            return FailAction{.message = fmt::format("The id cannot be assigned to {}.",
                                                     in_message(location->value))};
        }
        send.id_location = std::move(*path);
    }
    return send;
}

/// A branch of `if`: its condition (null for `else`) and what stands between it and the next.
struct Branch {
    const XmlAttribute* cond = nullptr;
    XmlElement content = {};
};

std::vector<Branch> branches_of(ScxmlReading& reading, const XmlElement& element) {
    std::vector<Branch> branches = {{.cond = element.attribute("cond")}};
    bool has_else = false;
    for (const XmlElement& child : element.children) {
        if (!child.is("elseif") && !child.is("else")) {
            branches.back().content.children.push_back(child);
            continue;
        }
        if (has_else) {
            reading.error(child.offset, "misplaced-element",
                          fmt::format("nothing comes after <else>; here is <{}>", child.name));
        }
        has_else = has_else || child.is("else");
        branches.push_back({.cond = child.attribute("cond")});
    }
    return branches;
}

ActionNode read_if(ScxmlReading& reading, const XmlElement& element) {
    std::vector<IfAction> chosen;
    Block otherwise;
    for (const Branch& branch : branches_of(reading, element)) {
        if (branch.cond == nullptr) {
            otherwise = read_block(reading, branch.content);
            continue;
        }
        chosen.push_back({.condition = read_expression(reading, *branch.cond),
                          .then = read_block(reading, branch.content)});
    }
    if (chosen.empty()) {
        return IfAction{};
    }
    while (chosen.size() > 1) {
        IfAction last = std::move(chosen.back());
        chosen.pop_back();
        last.otherwise = std::move(otherwise);
        const Place place = last.condition.place;
        otherwise = Block{Action{.node = std::move(last), .place = place}};
    }
    chosen.front().otherwise = std::move(otherwise);
    return std::move(chosen.front());
}

/// The field that a loop sets; nothing, and a warning, when it can be none.
std::optional<std::size_t> read_variable(ScxmlReading& reading, const XmlAttribute& attribute) {
    const auto path = read_location(reading, attribute);
    if (!path || path->size() != 1) {
        return std::nullopt;
    }
    return find_position(reading.definition, path->front());
}

ActionNode read_foreach(ScxmlReading& reading, const XmlElement& element) {
    const XmlAttribute* index = element.attribute("index");
    ForEachAction loop{.in = read_expression(reading, required(element, "array")),
                       .as = required(element, "item").value,
                       .index = index == nullptr ? "" : index->value,
                       .as_field = read_variable(reading, required(element, "item"))};
    if (index != nullptr) {
        loop.index_field = read_variable(reading, *index);
    }
    loop.body = read_block(reading, element);
    if (!loop.as_field || (index != nullptr && !loop.index_field)) {
        return FailAction{.message = fmt::format("{} is no variable that a loop can set.",
                                                 in_message(loop.as_field ? loop.index : loop.as))};
    }
    return loop;
}

ActionNode read_cancel(ScxmlReading& reading, const XmlElement& element) {
    return CancelAction{.id = read_either(reading, element, {"sendid", "sendidexpr"})};
}

struct Reader {
    std::string_view name;
    ActionNode (*read)(ScxmlReading&, const XmlElement&);
};
constexpr Reader readers[] = {
    {"raise", read_raise}, {"assign", read_assign},   {"log", read_log},      {"send", read_send},
    {"if", read_if},       {"foreach", read_foreach}, {"cancel", read_cancel}};

}  // namespace

Block read_block(ScxmlReading& reading, const XmlElement& element) {
    Block block;
    for (const XmlElement& child : element.children) {
        const auto* const found = std::ranges::find_if(
            readers, [&](const Reader& reader) { return child.is(reader.name); });
        if (found != std::end(readers)) {
            block.push_back(
                {.node = found->read(reading, child), .place = reading.place_of(child.offset)});
        }
    }
    return block;
}

}  // namespace sillage
