#include <fmt/format.h>

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "engine/calendar/calendar.hpp"
#include "engine/interpreter/detail/machine.hpp"
#include "engine/interpreter/detail/values.hpp"
#include "engine/schema/check.hpp"

namespace sillage {
namespace {

Error refused(std::string_view path, std::string_view why) {
    return {.code = ErrorCode::expression_failed,
            .message = fmt::format("\"{}\" cannot be set: {}", path, why)};
}

/// Sets what `item` names below its field, making the objects on the way that are null or missing.
Result<void> set_path(boost::json::value& field, const Assign::Item& item,
                      boost::json::value value) {
    boost::json::value* at = &field;
    for (auto name = item.path.begin() + 1; name != item.path.end(); ++name) {
        if (at->is_null()) {
            at->emplace_object();
        }
        auto* object = at->if_object();
        if (object == nullptr) {
            return refused(item.name, "what stands before \"." + *name + "\" is no object.");
        }
        at = &(*object)[*name];
    }
    *at = std::move(value);
    return success();
}

const boost::json::value& value_at(const boost::json::value& field,
                                   const std::vector<std::string>& path) {
    const boost::json::value* at = &field;
    for (auto name = path.begin() + 1; name != path.end(); ++name) {
        at = &at->get_object().at(*name);
    }
    return *at;
}

/// The day it is at that instant in the definition's zone.
CivilDate local_date(const WorkCalendar& calendar, Instant at) {
    constexpr std::int64_t day_ms = 86'400'000;
    const std::int64_t offset = calendar.zone ? offset_seconds(*calendar.zone, at) : 0;
    const std::int64_t local = at.milliseconds + offset * 1'000;
    return civil_from_days(local / day_ms - (local % day_ms < 0 ? 1 : 0));
}

/// An expression over dates gives timestamps; where the schema wants a date, the day is stored.
void store_dates(boost::json::value& value, const Schema& schema, const WorkCalendar& calendar) {
    if (const auto* text = value.if_string(); text && schema.format == SchemaFormat::date) {
        if (const auto at = parse_instant(*text)) {
            value = boost::json::string(to_string(local_date(calendar, at.value())));
        }
        return;
    }
    if (auto* items = value.if_array(); items != nullptr && schema.items) {
        for (boost::json::value& item : *items) {
            store_dates(item, *schema.items, calendar);
        }
    }
    if (auto* object = value.if_object()) {
        for (const Field& field : schema.properties) {
            if (auto* member = object->if_contains(field.name)) {
                store_dates(*member, field.schema, calendar);
            }
        }
    }
}

/// The field as its schema stores it. One without a default may go back to null.
Result<void> settle_field(const Definition& definition, const Field& field,
                          boost::json::value& value) {
    if (value.is_null() && !field.schema.default_value) {
        return success();
    }
    if (is_as_stored(value, field.schema)) {
        return success();
    }
    store_dates(value, field.schema, definition.calendar);
    const auto problems = check_value(value, field.schema);
    if (!problems.empty()) {
        return refused(field.name + problems.front().pointer, problems.front().message);
    }
    value = normalise(value, field.schema);
    return success();
}

}  // namespace

Result<void> assign(Machine& machine, const Moment& moment, const Assign& action) {
    struct Change {
        std::size_t field = 0;
        boost::json::value value = nullptr;
    };
    // Four, on the stack: more than most assigns set.
    boost::container::small_vector<Change, 4> changes;
    const std::vector<Field>& fields = machine.definition.context;
    auto& context = machine.snapshot.context;
    for (const Assign::Item& item : action.items) {
        Result<boost::json::value> value = fill(moment, item.value);
        if (!value) {
            return std::move(value).error();
        }
        if (item.field >= fields.size()) {
            return refused(item.path.front(), "there is no such context field.");
        }
        const bool is_whole = item.path.size() == 1;
        auto change = std::ranges::find(changes, item.field, &Change::field);
        if (change == changes.end()) {
            change = changes.insert(changes.end(), Change{.field = item.field});
            if (!is_whole) {
                change->value = context[item.field];
            }
        }
        if (is_whole) {
            change->value.swap(value.value());
        } else {
            SILLAGE_TRY(set_path(change->value, item, std::move(value).value()));
        }
    }
    for (Change& change : changes) {
        SILLAGE_TRY(settle_field(machine.definition, fields[change.field], change.value));
    }
    for (Change& change : changes) {
        context[change.field].swap(change.value);
    }
    for (const Assign::Item& item : action.items) {
        machine.trace.emplace_back(
            AssignedField{.path = item.name, .value = value_at(context[item.field], item.path)});
    }
    return success();
}

}  // namespace sillage
