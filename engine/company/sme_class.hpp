#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/shared_value.hpp"

// Micro, small and medium-sized enterprises by Commission Recommendation 2003/361/EC (annex,
// articles 2, 3, 4 and 6), and small mid-caps by Recommendation (EU) 2025/1099. Figures are those
// of closed years.

namespace sillage {

/// `large`: none of the others, by size or because a public body holds too much of it.
enum class SmeClass { micro, small, medium, small_mid_cap, large };

/// `micro`, `small`, `medium`, `small_mid_cap`, `large`.
[[nodiscard]] std::string_view name_of(SmeClass size);

/// What a class allows: fewer people than that, and one of the two amounts at most.
struct SizeCeilings {
    SmeClass size = SmeClass::micro;
    std::int64_t headcount_below = 0;
    std::int64_t turnover_eur_max = 0;
    std::int64_t balance_sheet_eur_max = 0;
};

/// A definition of size classes; other countries than those of the Union have their own.
struct SizeRules {
    /// The smallest class first; each allows at least what the one before it does.
    std::span<const SizeCeilings> ceilings = {};
    /// Percent of capital or votes from which a holding counts.
    double share_percent_min = 25;
};

[[nodiscard]] const SizeRules& european_size_rules();

/// Of one closed year; nothing: not known. Headcount is in annual work units.
struct SizeFigures {
    std::optional<double> headcount = {};
    std::optional<double> turnover_eur = {};
    std::optional<double> balance_sheet_eur = {};
};

/// How another enterprise stands to the company, upstream or downstream.
enum class Relation {
    partner,      ///< holds, or is held by, 25 to 50 %: that share of its figures is added
    linked,       ///< a majority, or dominant influence: all its figures are added
    public_body,  ///< from 25 % on the company is no SME, whatever its figures
};

struct RelatedEnterprise {
    Relation relation = Relation::partner;
    /// Of capital or votes, the greater; not asked of a linked one.
    double share_percent = 0;
    SizeFigures figures = {};
};

/// Nothing as long as missing figures could make a difference.
/// Amounts count to the cent, people to the hundredth.
[[nodiscard]] std::optional<SmeClass> sme_class(const SizeFigures& own,
                                                std::span<const RelatedEnterprise> others,
                                                const SizeRules& rules = european_size_rules());

/// The class that holds after several closed years, of each its own class, the last year first: it
/// changes when two years in a row lie on the same side of it (article 4(2)), to the nearer of the
/// two. Nothing: there is no year, or one that is not known.
[[nodiscard]] std::optional<SmeClass> lasting_class(std::span<const std::optional<SmeClass>> years);

/// The same for a company in the API's shape: `headcount`, `turnover_eur`, `balance_sheet_eur`,
/// `enterprises`, a list of `{"relation": "partner", "share": 30, "headcount": 12, …}`, and
/// `earlier_years`, a list of such figures, the year before first, those of related enterprises
/// within them. Nothing, too, when what stands there cannot be read.
[[nodiscard]] std::optional<SmeClass> sme_class_of(const boost::json::object& company);

/// The company with `sme_class`, unless it has that member or no class: what guards read.
[[nodiscard]] SharedValue<boost::json::object> with_sme_class(
    SharedValue<boost::json::object> company);

}  // namespace sillage
