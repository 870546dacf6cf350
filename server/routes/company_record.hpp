#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "engine/schema/check.hpp"
#include "server/routes/visit.hpp"

// What a company is made of, for whoever writes one: a single request, or a row of an import.

namespace sillage::server {

/// What a client may write of a company, in the order that it is shown in.
[[nodiscard]] const std::vector<sillage::Field>& company_members();

/// Takes out what is null, which is as good as absent, and gives all that is wrong with the rest;
/// without a problem the members are as they are kept.
[[nodiscard]] std::vector<SchemaProblem> check_company(boost::json::object& given);

/// The same for one request. Errors: invalid_argument: the first problem, with its pointer.
[[nodiscard]] Result<boost::json::object> checked_company(boost::json::object given);

/// The whole body of members without problems: what is not known is null, `sme_class` is worked
/// out. Without `created_at` and `updated_at`.
[[nodiscard]] boost::json::object company_body(const boost::json::object& checked);

/// What a company is found by: unique, as its key is within its cluster. Empty without a key.
[[nodiscard]] std::string company_lookup(std::string_view cluster, std::string_view key);

/// The company of that cluster and key.
[[nodiscard]] Result<std::optional<Record>> company_by_key(Reader& reader, std::string_view cluster,
                                                           std::string_view key);

/// The next companies in order of id that a list asks for by `?cluster=` and `?key=`, of the
/// clusters that the caller has to do with; whether it may read each is still to be asked.
[[nodiscard]] Result<std::vector<Record>> companies_after(const Visit& visit, Reader& reader,
                                                          const std::string& after,
                                                          std::size_t limit);

/// Gives the record that body, and what it is found by.
/// Errors: conflict: another company of its cluster has the key.
[[nodiscard]] Result<void> write_company(Reader& reader, Record& record, boost::json::object body,
                                         Instant now);

}  // namespace sillage::server
