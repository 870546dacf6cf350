#include "engine/company/sme_class.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace sillage {
namespace {

namespace json = boost::json;

/// Percent of a figure are hundredths of it: sums are kept in whole hundredths (cents, and
/// hundredths of people), which a double holds exactly far beyond every ceiling.
constexpr double whole = 100;

/// In hundredths. Nothing: some part of the sum is not known.
struct Sums {
    std::optional<double> headcount = 0;
    std::optional<double> turnover = 0;
    std::optional<double> balance_sheet = 0;
};

void add(std::optional<double>& sum, const std::optional<double>& figure, double percent) {
    sum = sum && figure ? std::optional(*sum + std::round(*figure * percent)) : std::nullopt;
}

void add(Sums& sums, const SizeFigures& figures, double percent) {
    add(sums.headcount, figures.headcount, percent);
    add(sums.turnover, figures.turnover_eur, percent);
    add(sums.balance_sheet, figures.balance_sheet_eur, percent);
}

/// Nothing: that depends on what is not known.
using Verdict = std::optional<bool>;

Verdict is_at_most(const std::optional<double>& sum, std::int64_t most) {
    return sum ? Verdict(*sum <= static_cast<double>(most) * whole) : std::nullopt;
}

Verdict is_below(const std::optional<double>& sum, std::int64_t ceiling) {
    return sum ? Verdict(*sum < static_cast<double>(ceiling) * whole) : std::nullopt;
}

Verdict either(Verdict a, Verdict b) {
    return a == true || b == true ? Verdict(true) : a && b ? Verdict(false) : std::nullopt;
}

Verdict both(Verdict a, Verdict b) {
    return a == false || b == false ? Verdict(false) : a && b ? Verdict(true) : std::nullopt;
}

Verdict is_within(const Sums& sums, const SizeCeilings& ceilings) {
    return both(is_below(sums.headcount, ceilings.headcount_below),
                either(is_at_most(sums.turnover, ceilings.turnover_eur_max),
                       is_at_most(sums.balance_sheet, ceilings.balance_sheet_eur_max)));
}

std::optional<double> number_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_number() ? std::optional(value->to_number<double>())
                                                  : std::nullopt;
}

SizeFigures figures_in(const json::object& object) {
    return {.headcount = number_in(object, "headcount"),
            .turnover_eur = number_in(object, "turnover_eur"),
            .balance_sheet_eur = number_in(object, "balance_sheet_eur")};
}

std::optional<Relation> relation_in(const json::object& object) {
    const json::value* value = object.if_contains("relation");
    if (value == nullptr || !value->is_string()) {
        return std::nullopt;
    }
    const std::string_view name = value->get_string();
    return name == "partner"       ? std::optional(Relation::partner)
           : name == "linked"      ? std::optional(Relation::linked)
           : name == "public_body" ? std::optional(Relation::public_body)
                                   : std::nullopt;
}

/// A holding that is too small counts for nothing.
bool counts(const RelatedEnterprise& other, const SizeRules& rules) {
    return other.relation == Relation::linked || other.share_percent >= rules.share_percent_min;
}

/// Whether it is no SME whatever its figures are, and were.
bool is_public(std::span<const RelatedEnterprise> others, const SizeRules& rules) {
    return std::ranges::any_of(others, [&](const RelatedEnterprise& other) {
        return other.relation == Relation::public_body && counts(other, rules);
    });
}

/// Figures of the years before the last, the newest first. Nothing: they cannot be read.
std::optional<std::vector<SizeFigures>> earlier_years_in(const json::object& company) {
    std::vector<SizeFigures> found;
    const json::value* list = company.if_contains("earlier_years");
    if (list == nullptr || list->is_null()) {
        return found;
    }
    if (!list->is_array()) {
        return std::nullopt;
    }
    for (const json::value& year : list->get_array()) {
        if (!year.is_object()) {
            return std::nullopt;
        }
        found.push_back(figures_in(year.get_object()));
    }
    return found;
}

std::optional<std::vector<RelatedEnterprise>> enterprises_in(const json::object& company) {
    std::vector<RelatedEnterprise> found;
    const json::value* list = company.if_contains("enterprises");
    if (list == nullptr || list->is_null()) {
        return found;
    }
    if (!list->is_array()) {
        return std::nullopt;
    }
    for (const json::value& item : list->get_array()) {
        const auto relation = item.is_object() ? relation_in(item.get_object()) : std::nullopt;
        const auto share = relation ? number_in(item.get_object(), "share") : std::nullopt;
        if (!relation || (!share && relation != Relation::linked)) {
            return std::nullopt;
        }
        found.push_back({.relation = *relation,
                         .share_percent = share.value_or(0),
                         .figures = figures_in(item.get_object())});
    }
    return found;
}

}  // namespace

std::string_view name_of(SmeClass size) {
    switch (size) {
        case SmeClass::micro:
            return "micro";
        case SmeClass::small:
            return "small";
        case SmeClass::medium:
            return "medium";
        case SmeClass::small_mid_cap:
            return "small_mid_cap";
        case SmeClass::large:
            return "large";
    }
    return "";
}

const SizeRules& european_size_rules() {
    static constexpr std::array ceilings{
        SizeCeilings{SmeClass::micro, 10, 2'000'000, 2'000'000},
        SizeCeilings{SmeClass::small, 50, 10'000'000, 10'000'000},
        SizeCeilings{SmeClass::medium, 250, 50'000'000, 43'000'000},
        SizeCeilings{SmeClass::small_mid_cap, 750, 150'000'000, 129'000'000}};
    static constexpr SizeRules rules{.ceilings = ceilings, .share_percent_min = 25};
    return rules;
}

std::optional<SmeClass> sme_class(const SizeFigures& own, std::span<const RelatedEnterprise> others,
                                  const SizeRules& rules) {
    if (is_public(others, rules)) {
        return SmeClass::large;
    }
    Sums sums;
    add(sums, own, whole);
    for (const RelatedEnterprise& other : others) {
        if (counts(other, rules)) {
            add(sums, other.figures,
                other.relation == Relation::linked ? whole : other.share_percent);
        }
    }
    for (const SizeCeilings& ceilings : rules.ceilings) {
        const Verdict verdict = is_within(sums, ceilings);
        if (verdict != false) {
            return verdict ? std::optional(ceilings.size) : std::nullopt;
        }
    }
    return SmeClass::large;
}

std::optional<SmeClass> lasting_class(std::span<const std::optional<SmeClass>> years) {
    const auto is_known = [](const std::optional<SmeClass>& year) { return year.has_value(); };
    if (years.empty() || !std::ranges::all_of(years, is_known)) {
        return std::nullopt;
    }
    SmeClass lasting = *years.back();
    for (std::size_t year = years.size() - 1; year > 0; --year) {
        const auto [nearest, farthest] = std::minmax(*years[year], *years[year - 1]);
        lasting = std::clamp(lasting, nearest, farthest);
    }
    return lasting;
}

std::optional<SmeClass> sme_class_of(const json::object& company) {
    const auto others = enterprises_in(company);
    const auto earlier = earlier_years_in(company);
    if (!others || !earlier) {
        return std::nullopt;
    }
    std::vector years{sme_class(figures_in(company), *others)};
    if (!is_public(*others, european_size_rules())) {
        for (const SizeFigures& figures : *earlier) {
            years.push_back(sme_class(figures, {}));
        }
    }
    return lasting_class(years);
}

SharedValue<json::object> with_sme_class(SharedValue<json::object> company) {
    const auto size = company->contains("sme_class") ? std::nullopt : sme_class_of(*company);
    if (!size) {
        return company;
    }
    json::object complete = *company;
    complete.emplace("sme_class", name_of(*size));
    return complete;
}

}  // namespace sillage
