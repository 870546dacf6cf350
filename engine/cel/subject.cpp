#include "engine/cel/subject.hpp"

namespace sillage {
namespace {

using Members = std::vector<std::pair<std::string, ValueType>>;

ValueType record_type(Members members) {
    for (auto& [name, type] : members) {
        type.nullable = true;
    }
    return ValueType{.kind = TypeKind::map, .members = std::move(members), .closed = true};
}

ValueType of(TypeKind kind) { return ValueType{.kind = kind}; }

/// A date or an instant, whichever the text is; other values stay what they are.
Value date_value(const boost::json::value& json, const DateReader& dates) {
    Schema day{.type = SchemaType::string, .format = SchemaFormat::date};
    const Value value = from_json(json, &day, dates);
    if (value.get_if<Timestamp>()) {
        return value;
    }
    day.format = SchemaFormat::date_time;
    return from_json(json, &day, dates);
}

Value dates_value(const boost::json::object& json, const DateReader& dates) {
    ValueEntries entries;
    for (const auto& member : json) {
        entries.emplace_back(text_value(std::string(member.key())),
                             date_value(member.value(), dates));
    }
    return map_value(std::move(entries));
}

}  // namespace

const ValueType& company_type() {
    static const ValueType type = record_type({{"id", of(TypeKind::text)},
                                               {"revision", of(TypeKind::int64)},
                                               {"cluster", of(TypeKind::text)},
                                               {"name", of(TypeKind::text)},
                                               {"country", of(TypeKind::text)},
                                               {"segment", of(TypeKind::text)},
                                               {"headcount", of(TypeKind::int64)},
                                               {"turnover_eur", of(TypeKind::dyn)},
                                               {"balance_sheet_eur", of(TypeKind::dyn)},
                                               {"founded", of(TypeKind::dyn)},
                                               {"website", of(TypeKind::text)},
                                               {"attributes", of(TypeKind::map)},
                                               {"created_at", of(TypeKind::dyn)},
                                               {"updated_at", of(TypeKind::dyn)}});
    return type;
}

const ValueType& cohort_type() {
    static const ValueType type = [] {
        ValueType dates = of(TypeKind::map);
        dates.element = std::make_shared<const ValueType>(
            ValueType{.kind = TypeKind::timestamp, .nullable = true});
        ValueType built = record_type({{"id", of(TypeKind::text)},
                                       {"revision", of(TypeKind::int64)},
                                       {"cluster", of(TypeKind::text)},
                                       {"workflow", of(TypeKind::text)},
                                       {"version", of(TypeKind::int64)},
                                       {"name", of(TypeKind::text)},
                                       {"created_at", of(TypeKind::dyn)},
                                       {"updated_at", of(TypeKind::dyn)}});
        built.members.emplace_back("dates", std::move(dates));
        built.members.emplace_back("settings", of(TypeKind::map));
        return built;
    }();
    return type;
}

Value company_value(const boost::json::object& company) { return from_json(company, nullptr); }

Value cohort_value(const boost::json::object& cohort, const DateReader& dates) {
    ValueEntries entries;
    for (const auto& member : cohort) {
        if (member.key() != "dates" && member.key() != "settings") {
            entries.emplace_back(text_value(std::string(member.key())),
                                 from_json(member.value(), nullptr));
        }
    }
    const auto* days = cohort.if_contains("dates");
    const auto* settings = cohort.if_contains("settings");
    const boost::json::object none;
    entries.emplace_back(text_value("dates"),
                         dates_value(days && days->is_object() ? days->get_object() : none, dates));
    entries.emplace_back(
        text_value("settings"),
        from_json(settings && settings->is_object() ? *settings : boost::json::value(none),
                  nullptr));
    return map_value(std::move(entries));
}

}  // namespace sillage
