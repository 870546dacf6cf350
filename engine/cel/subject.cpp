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

}  // namespace

const ValueType& company_type() {
    static const ValueType type = record_type({{"id", of(TypeKind::text)},
                                               {"revision", of(TypeKind::int64)},
                                               {"cluster", of(TypeKind::text)},
                                               {"key", of(TypeKind::text)},
                                               {"name", of(TypeKind::text)},
                                               {"country", of(TypeKind::text)},
                                               {"segment", of(TypeKind::text)},
                                               {"headcount", of(TypeKind::int64)},
                                               {"turnover_eur", of(TypeKind::dyn)},
                                               {"balance_sheet_eur", of(TypeKind::dyn)},
                                               {"founded", of(TypeKind::dyn)},
                                               {"website", of(TypeKind::text)},
                                               {"attributes", of(TypeKind::map)},
                                               {"enterprises", of(TypeKind::list)},
                                               {"earlier_years", of(TypeKind::list)},
                                               {"sme_class", of(TypeKind::text)},
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

}  // namespace sillage
