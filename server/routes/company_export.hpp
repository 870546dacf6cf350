#pragma once

#include "server/routes/visit.hpp"

namespace sillage::server {

/// Answers with the companies that the caller may read as CSV, in order of id: those of
/// `?cluster=`, `?key=`, after `?cursor=`; at most `?limit=`. What does not fit one answer is said
/// by a Link header to the next.
[[nodiscard]] net::awaitable<Result<Response>> export_companies(const Arrival& arrival);

}  // namespace sillage::server
