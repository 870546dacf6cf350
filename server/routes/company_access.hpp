#pragma once

#include <set>
#include <string>
#include <vector>

#include "server/routes/visit.hpp"

// Who may read a company: whoever may by where it lies, and who works with it, for that is what
// mentors are bound to: through an instance of it that a cohort's or an instance's binding admits.

namespace sillage::server {

/// A company that the caller may read. Errors: not_found; forbidden.
[[nodiscard]] Result<Record> open_company(const Visit& visit, Reader& reader, std::string_view id);

/// The companies that the caller may read, for lists. Made for one view.
class ReadableCompanies {
  public:
    [[nodiscard]] static Result<ReadableCompanies> of(const Visit& visit, Reader& reader);

    [[nodiscard]] bool has(const Record& company) const;
    /// The next companies in order of id that a list may look at, by `?cluster=` and `?key=`;
    /// `has` is still to be asked of each.
    [[nodiscard]] Result<std::vector<Record>> after(Reader& reader, const std::string& id,
                                                    std::size_t limit) const;

  private:
    explicit ReadableCompanies(const Visit& visit) : visit_(visit) {}

    const Visit& visit_;
    RoleRights rights_ = {};
    /// Ids, of those that the caller works with.
    std::set<std::string> worked_with_ = {};
    /// Every binding is to a cohort or to an instance: there are no others.
    bool is_all_ = false;
};

}  // namespace sillage::server
