#pragma once

#include "server/routes/visit.hpp"

// Who may look after whose account.

namespace sillage::server {

/// An account that the caller may do that to: all of whose bindings lie within the caller's, and
/// those of an administrator only for an administrator.
/// Errors: not_found.
[[nodiscard]] Result<Record> open_account(const Visit& visit, Reader& reader, std::string_view id,
                                          Permission permission);

/// The same; the caller's own account is open to it as well.
[[nodiscard]] Result<Record> open_account_or_own(const Visit& visit, Reader& reader,
                                                 std::string_view id, Permission permission);

/// Whether the caller may do that to it.
[[nodiscard]] bool may_manage(const Account& caller, const Account& account, Permission permission,
                              const RoleRights& rights);

/// The bindings as they take effect: whatever belongs to a company or an instance has its cluster
/// as well, and what the caller may bind in a cohort is limited to the caller's cluster.
/// Errors, with the pointer `/roles/<index>…`: not_found; forbidden; invalid_argument: members that
///         contradict each other.
[[nodiscard]] Result<std::vector<Binding>> effective_bindings(const Visit& visit, Reader& reader,
                                                              const std::vector<Binding>& given);

}  // namespace sillage::server
