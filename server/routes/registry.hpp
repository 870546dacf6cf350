#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/schema.hpp"
#include "server/routes/page.hpp"
#include "server/routes/visit.hpp"

// What clusters, companies, cohorts and accounts have in common.

namespace sillage::server {

/// `id` first, then the body's members but for who changed it, then `revision`.
[[nodiscard]] boost::json::object record_json(const Record& record);

/// Those members of a stored body that a client may write.
[[nodiscard]] boost::json::object written_members(const boost::json::object& body,
                                                  const std::vector<sillage::Field>& members);

/// Gives the record that body, with `created_at` and `updated_at`.
void stamp(Record& record, boost::json::object body, Instant now);

/// Stores the next revision of a record, or the first, and who asked for it. Every change of the
/// registry goes through this. Errors: as Work::put_record.
[[nodiscard]] Result<Record> put_record(const Visit& visit, Work& work, Record record);

/// A new record, stored. 201 with its JSON and `Location: /v1/<collection>/<id>`.
[[nodiscard]] Result<Response> create_record(const Visit& visit, Work& work, Record record,
                                             std::string_view collection);

/// A page of the records that the caller may read, in order of id; of cohorts those of `?cluster=`
/// when it is given. An unknown cluster has none.
[[nodiscard]] Result<Response> list_records(const Visit& visit, Reader& reader, RecordKind kind,
                                            Permission permission);

/// The clusters whose companies or cohorts a list may show: that of `?cluster=`, else those that
/// the caller is limited to; nothing: all. A cluster that the caller has nothing to do with is as
/// good as unknown.
[[nodiscard]] std::optional<std::vector<std::string>> clusters_asked_for(const Visit& visit);
/// The same, all of them being named.
[[nodiscard]] Result<std::vector<std::string>> all_clusters_asked_for(const Visit& visit,
                                                                      Reader& reader);

/// The ids of all clusters.
[[nodiscard]] Result<std::vector<std::string>> all_clusters(Reader& reader);

/// The clusters that the account's bindings lie in; nothing when one of them is not limited to a
/// cluster. For filters: what each thing's own scope admits is asked besides.
[[nodiscard]] std::optional<std::vector<std::string>> clusters_of(const Account& account);

/// Whether the caller may do that within the cluster, which must exist.
/// Errors: not_found, with the pointer `/cluster`; forbidden.
[[nodiscard]] Result<void> enter_cluster(const Visit& visit, Reader& reader,
                                         const std::string& cluster, Permission permission);

}  // namespace sillage::server
