#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "server/routes/page.hpp"
#include "server/routes/visit.hpp"

// What clusters, companies, cohorts and accounts have in common.

namespace sillage::server {

/// `id` first, then the body's members, then `revision`.
[[nodiscard]] boost::json::object record_json(const Record& record);

/// A new record, stored. 201 with its JSON and `Location: /v1/<collection>/<id>`.
[[nodiscard]] Result<Response> create_record(Work& work, Record record,
                                             std::string_view collection);

/// A page of the records that the caller may read, in order of id.
[[nodiscard]] Result<Response> list_records(const Visit& visit, Reader& reader, RecordKind kind,
                                            Permission permission);

/// The clusters that the account's bindings lie in; nothing when one of them is not limited to a
/// cluster. For filters: what each thing's own scope admits is asked besides.
[[nodiscard]] std::optional<std::vector<std::string>> clusters_of(const Account& account);

/// Whether the caller may do that within the cluster, which must exist.
/// Errors: not_found, with the pointer `/cluster`; forbidden.
[[nodiscard]] Result<void> enter_cluster(const Visit& visit, Reader& reader,
                                         const std::string& cluster, Permission permission);

}  // namespace sillage::server
