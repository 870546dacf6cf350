#pragma once

#include "engine/cel/type.hpp"

namespace sillage {

/// What expressions know of `company`: the API's fields (`id revision cluster key name country
/// segment headcount turnover_eur balance_sheet_eur founded website attributes enterprises
/// earlier_years sme_class created_at updated_at`).
/// All are nullable; what is absent reads as null. Money is dyn: JSON decides int or double.
[[nodiscard]] const ValueType& company_type();

/// What expressions know of `cohort`: `id revision cluster workflow version name created_at
/// updated_at`, `dates` (any name, nullable timestamps) and `settings` (any name, dyn).
[[nodiscard]] const ValueType& cohort_type();

}  // namespace sillage
